-- What events changed, each time they were held, for QGIS.
CREATE VIEW qgis.event_effect AS
SELECT f.id, f.nis_code, f.event_id, e.name, e.kind, f.occurs_on, f.last_on, f.verdict, f.effect_share, f.lower_share,
    f.upper_share, f.level_share, f.p_value, f.smallest_share, f.observed, f.expected, f.treated, f.controls, f.method,
    f.reason, e.cost_net_eur, f.cost_per_extra_eur, f.computed_at, f.geom
FROM public.event_effect f
JOIN public.event e ON e.id = f.event_id
WHERE e.removed_at IS NULL;

COMMENT ON VIEW qgis.event_effect IS 'What each event changed each time it was held, with interval; not measurable is an answer.';
COMMENT ON COLUMN qgis.event_effect.id IS 'Stable integer key.';
COMMENT ON COLUMN qgis.event_effect.nis_code IS 'NIS code of the municipality.';
COMMENT ON COLUMN qgis.event_effect.event_id IS 'Key of the event.';
COMMENT ON COLUMN qgis.event_effect.name IS 'Name of the event.';
COMMENT ON COLUMN qgis.event_effect.kind IS 'Code list event_kind.';
COMMENT ON COLUMN qgis.event_effect.occurs_on IS 'First local day of the time it was held.';
COMMENT ON COLUMN qgis.event_effect.last_on IS 'Last local day that was judged.';
COMMENT ON COLUMN qgis.event_effect.verdict IS 'more, less, not_conclusive or not_measurable.';
COMMENT ON COLUMN qgis.event_effect.effect_share IS 'More (or fewer) passages as a share of the expected.';
COMMENT ON COLUMN qgis.event_effect.lower_share IS 'Lower end of the interval.';
COMMENT ON COLUMN qgis.event_effect.upper_share IS 'Upper end of the interval.';
COMMENT ON COLUMN qgis.event_effect.level_share IS 'Level of the interval, 0-1.';
COMMENT ON COLUMN qgis.event_effect.p_value IS 'How often chance does this much, 0-1.';
COMMENT ON COLUMN qgis.event_effect.smallest_share IS 'Smallest effect that would stand out in four of five cases.';
COMMENT ON COLUMN qgis.event_effect.observed IS 'Passages counted by the sensors in the event, in its hours.';
COMMENT ON COLUMN qgis.event_effect.expected IS 'Passages expected there without it.';
COMMENT ON COLUMN qgis.event_effect.treated IS 'Sensors in the event.';
COMMENT ON COLUMN qgis.event_effect.controls IS 'Sensors compared with.';
COMMENT ON COLUMN qgis.event_effect.method IS 'controls, last_year or own_weeks: what it was set against.';
COMMENT ON COLUMN qgis.event_effect.reason IS 'Why it is not measurable, or contradicted: the forecast points the other way.';
COMMENT ON COLUMN qgis.event_effect.cost_net_eur IS 'Net cost of the event, EUR.';
COMMENT ON COLUMN qgis.event_effect.cost_per_extra_eur IS 'Net cost of one extra passage, EUR.';
COMMENT ON COLUMN qgis.event_effect.computed_at IS 'When it was computed.';
COMMENT ON COLUMN qgis.event_effect.geom IS 'Place of the event, in the metric CRS of the deployment.';
