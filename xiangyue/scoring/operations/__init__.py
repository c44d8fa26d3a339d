"""Every write on the way of a deed, in the order in which a month meets them:
bringing, review, meetings, notices, objections, settlement."""
