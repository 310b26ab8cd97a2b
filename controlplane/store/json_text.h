// Lists and other values that no statement looks into, as JSON text. Reading stops the process on text that was not
// written here. Bytes that are no UTF-8 are replaced (U+FFFD), since JSON cannot hold them.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "controlplane/model/audit.h"
#include "controlplane/model/facts.h"
#include "controlplane/model/network.h"
#include "controlplane/model/operation.h"
#include "controlplane/model/plan.h"

namespace cacheplane::store {

std::string ToJson(const std::vector<std::string>& texts);
std::string ToJson(const std::map<std::string, std::string>& pairs);
std::string ToJson(const std::vector<model::Address>& addresses);
std::string ToJson(const std::vector<model::Image>& images);
std::string ToJson(const std::vector<model::OperationStep>& steps);
std::string ToJson(const std::vector<model::SecurityGroupRule>& rules);
std::string ToJson(const std::map<model::Incarnation, std::uint64_t>& numbers);
std::string ToJson(const std::map<model::Incarnation, std::string>& texts);
std::string ToJson(const std::vector<model::FieldChange>& changes);
std::string ToJson(const model::Build& build);
std::string ToJson(const model::ClusterSpec& spec);
std::string ToJson(const model::AskedChange& asked);
std::string ToJson(const std::vector<model::OperationId>& ids);

void FromJson(const std::string& json, std::vector<std::string>& texts);
void FromJson(const std::string& json, std::map<std::string, std::string>& pairs);
void FromJson(const std::string& json, std::vector<model::Address>& addresses);
void FromJson(const std::string& json, std::vector<model::Image>& images);
void FromJson(const std::string& json, std::vector<model::OperationStep>& steps);
void FromJson(const std::string& json, std::vector<model::SecurityGroupRule>& rules);
void FromJson(const std::string& json, std::map<model::Incarnation, std::uint64_t>& numbers);
void FromJson(const std::string& json, std::map<model::Incarnation, std::string>& texts);
void FromJson(const std::string& json, std::vector<model::FieldChange>& changes);
void FromJson(const std::string& json, model::Build& build);
void FromJson(const std::string& json, model::ClusterSpec& spec);
void FromJson(const std::string& json, model::AskedChange& asked);
void FromJson(const std::string& json, std::vector<model::OperationId>& ids);

}  // namespace cacheplane::store
