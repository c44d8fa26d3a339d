"""The demo: five jurisdictions with real official units and invented people, and six months of their life.

Everything in it is done by the operations that everyone uses, each step on its day and as whoever's step it is. The
same seed on the same day gives the same data. People and their life come whole or not at all: a demo that is killed
leaves no half one behind, and the next one goes on.

`places` says where, `families` and `offices` who, `customs` what they do; `settling` founds, `life` lives, `present`
leaves something waiting for everyone; `planted` tells what is wrong on purpose; `loading` does it all. `county` fills a
whole county at once.
"""
