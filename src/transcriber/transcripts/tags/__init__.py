"""Words by which owners sort their transcripts."""
