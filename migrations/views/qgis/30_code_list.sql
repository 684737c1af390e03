-- Code lists with Dutch, French and English labels, for the choices in forms of QGIS.
CREATE VIEW qgis.code_list AS
SELECT row_number() OVER (ORDER BY scheme, version, code)::integer AS id, scheme, version, code, label_nl, label_fr, label_en, sort_order
FROM public.code_list;

COMMENT ON VIEW qgis.code_list IS 'Code values with labels in three languages.';
COMMENT ON COLUMN qgis.code_list.id IS 'Integer key; not stable over versions.';
COMMENT ON COLUMN qgis.code_list.scheme IS 'Name of the list, such as branch.';
COMMENT ON COLUMN qgis.code_list.version IS 'Version of the list.';
COMMENT ON COLUMN qgis.code_list.code IS 'Code value.';
COMMENT ON COLUMN qgis.code_list.label_nl IS 'Dutch label.';
COMMENT ON COLUMN qgis.code_list.label_fr IS 'French label.';
COMMENT ON COLUMN qgis.code_list.label_en IS 'English label.';
COMMENT ON COLUMN qgis.code_list.sort_order IS 'Place in menus.';
