from .archives import ArchivedCopy, ArchiveLookup
from .checks import SourceCheck
from .snapshots import Snapshot
from .sources import Publisher, Source
from .workers import Worker

__all__ = ["ArchiveLookup", "ArchivedCopy", "Publisher", "Snapshot", "Source", "SourceCheck", "Worker"]
