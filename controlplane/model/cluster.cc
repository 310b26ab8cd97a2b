#include "controlplane/model/cluster.h"

namespace cacheplane::model {

std::string_view ClusterStatusName(ClusterStatus status) {
  switch (status) {
    case ClusterStatus::kCreating: return "creating";
    case ClusterStatus::kAvailable: return "available";
    case ClusterStatus::kImpaired: return "impaired";
    case ClusterStatus::kDeleting: return "deleting";
  }
  return "";
}

bool MayBecome(ClusterStatus from, ClusterStatus to) {
  if (from == to || to == ClusterStatus::kDeleting) return true;
  switch (from) {
    case ClusterStatus::kCreating: return true;
    case ClusterStatus::kAvailable: return to == ClusterStatus::kImpaired;
    case ClusterStatus::kImpaired: return to == ClusterStatus::kAvailable;
    case ClusterStatus::kDeleting: return false;
  }
  return false;
}

NodeName NodeNameOf(std::string_view cluster, int ordinal) {
  return NodeName(fmt::format("{}-{:03}", cluster, ordinal));
}

std::string ShardName(int ordinal) { return fmt::format("{:04}", ordinal); }

}  // namespace cacheplane::model
