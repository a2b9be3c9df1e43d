"""Serve one database file by Datasette, in the yardsticks' environment: `datasette_alone.py FILE PORT`.

Its own command would load a WebSocket library whose other version stands there for changedetection.io.
"""

import sys

import uvicorn
from datasette.app import Datasette

if __name__ == "__main__":
    uvicorn.run(Datasette([sys.argv[1]]).app(), port=int(sys.argv[2]), ws="none", log_level="error")
