// What callers of ParameterGroupService ask for. Adapters (api/) fill these from their own messages.
#pragma once

#include <string>
#include <vector>

#include "controlplane/service/paging.h"
#include "controlplane/service/tags.h"

namespace cacheplane::service {

struct ParameterValue {
  std::string name;
  std::string value;
};

struct CreateParameterGroupRequest {
  std::string name;
  std::string family;
  std::string description;
  std::string request_id{};  // empty: none
  Tags tags{};
};

struct CopyParameterGroupRequest {
  std::string source;
  std::string name;  // of the new group
  std::string description;
  std::string request_id{};
};

struct ModifyParameterGroupRequest {
  std::string name;
  std::vector<ParameterValue> parameters;
  std::string etag{};  // empty: whatever the current one
  std::string request_id{};
};

struct ResetParameterGroupRequest {
  std::string name;
  bool all_parameters = false;
  std::vector<std::string> parameters;  // names; empty with all_parameters
  std::string etag{};
  std::string request_id{};
};

struct DeleteParameterGroupRequest {
  std::string name;
  std::string etag{};
  std::string request_id{};
};

struct ListParametersRequest {
  std::string parameter_group;
  std::string source{};  // "user", "system" or "engine-default"; empty: all
  ListRequest page{};
};

}  // namespace cacheplane::service
