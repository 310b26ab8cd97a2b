// What every unary adapter shares. Included by the adapters' .cc files only.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/server_callback.h>

#include "common/result.h"
#include "controlplane/api/status_map.h"
#include "controlplane/service/paging.h"

namespace cacheplane::api {

// Sends the caller's x-request-id back, so that both sides' logs can be joined.
void EchoRequestId(grpc::CallbackServerContext& context);

// Finishes the call with what `call` returns, a Status. The store answers within milliseconds, so it is asked on the
// thread that brought the call.
template <typename Call>
grpc::ServerUnaryReactor* Answer(grpc::CallbackServerContext* context, Call call) {
  EchoRequestId(*context);
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(ToGrpc(call()));
  return reactor;
}

// Converts a result into a part of the response, or hands on its error.
template <typename T, typename Message>
Status Put(const Result<T>& result, Message* message) {
  if (!result.ok()) return result.error();
  ToProto(*result, *message);
  return {};
}

// Converts a page: each item by `add`, which makes a new element of the response.
template <typename T, typename Response, typename Add>
Status PutPage(const Result<service::Page<T>>& page, Response* response, Add add) {
  if (!page.ok()) return page.error();
  for (const T& item : page->items) ToProto(item, *(response->*add)());
  response->set_next_page_token(page->next_page_token);
  return {};
}

template <typename Request>
service::ListRequest PageOf(const Request& request) {
  return {request.page_size(), request.page_token()};
}

}  // namespace cacheplane::api
