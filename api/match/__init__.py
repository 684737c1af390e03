"""Which business for this unit, which unit for this business."""
