// The limits of requests and the words in which a broken one is told: `field: value problem; allowed: …`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "controlplane/model/cluster.h"

namespace cacheplane::service {

inline constexpr int kLongestClusterName = 40;       // of replication groups
inline constexpr int kLongestCacheClusterName = 50;  // of those that are on their own
inline constexpr int kLongestObjectName = 255;       // of subnets, subnet groups and security groups
inline constexpr int kLongestDescription = 255;
inline constexpr int kLongestRequestId = 128;
inline constexpr int kMostTags = 50;
inline constexpr int kLongestTagKey = 128;
inline constexpr int kLongestTagValue = 256;
inline constexpr int kMostReplicas = 5;
inline constexpr int kMostShards = 500;
inline constexpr int kLowestPort = 1024;
inline constexpr int kHighestPort = 65535;
inline constexpr int kLongestRetentionDays = 35;
inline constexpr int kMostSubnetsPerGroup = 20;
inline constexpr int kMostRulesPerGroup = 60;
inline constexpr int kMostParameterGroups = 300;
inline constexpr int kMostParametersPerCall = 20;
inline constexpr int kMostNodes = 300;  // over all clusters

// The value in double quotes, control and non-UTF-8 bytes escaped, cut when it is long.
std::string Quoted(std::string_view value);
// `"a", "b"`, or "none yet"; of more than 100, how many more.
std::string QuotedList(const std::vector<std::string>& values);

// `field: "value" problem; allowed: allowed`.
Error Invalid(std::string_view field, std::string_view value, std::string_view problem, std::string_view allowed);
// `field: is required; allowed: allowed`.
Error Missing(std::string_view field, std::string_view allowed);
// `field: 7 is out of range; allowed: 0 to 5`, unless low <= value <= high.
Status CheckRange(std::string_view field, int value, int low, int high);

// Number of characters when the text is UTF-8 without control characters; nothing otherwise.
std::optional<int> PrintableLength(std::string_view text);
// Printable, and at most `longest` characters.
Status CheckText(std::string_view field, std::string_view text, int longest);

// A cluster's name as stored: lower case. 1 to 40 letters (a cache cluster's: 50), digits and hyphens, a letter first,
// no hyphen last or doubled.
Result<std::string> CheckClusterName(std::string_view name,
                                     model::ClusterForm form = model::ClusterForm::kReplicationGroup);
// Name of a subnet, subnet group or security group as stored: lower case, 1 to 255 letters, digits and hyphens.
Result<std::string> CheckObjectName(std::string_view field, std::string_view name);
// Printable, at most 128 characters; empty means none.
Status CheckRequestId(std::string_view request_id);

}  // namespace cacheplane::service
