-- The latest finished run per municipality and kind.
CREATE VIEW public.current_run AS
SELECT DISTINCT ON (nis_code, kind) *
FROM analysis_run
WHERE state = 'done'
ORDER BY nis_code, kind, finished_at DESC, id DESC;
