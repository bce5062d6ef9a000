"""Event streams: what happens to jobs, told as it happens.

`job_events` is the log and the truth.  One thread of the process, the pump, follows it (`tail`)
and wakes the streams that something concerns; each stream reads its own rows behind its cursor
(`pages`).  So nothing is held for a slow reader, and a stream that resumes reads what a stream that
never broke off would have.
"""
