from .checks import SourceCheck
from .snapshots import Snapshot
from .sources import Publisher, Source

__all__ = ["Publisher", "Snapshot", "Source", "SourceCheck"]
