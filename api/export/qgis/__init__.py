"""QGIS as a client: styles, forms and a ready project, made of one catalogue of layers."""
