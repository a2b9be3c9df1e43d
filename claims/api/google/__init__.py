"""Google's Fact Check Tools API v1alpha1, answered by this desk, so that Google's own clients read it unchanged.

Not one of ours: its errors, its paging and its names are Google's. Ours is under /api/v1/.
"""
