#pragma once
// Runs one task to its end on an io_context of its own and hands back what it returned.
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <optional>
#include <stdexcept>

#include "daemon/async/task.hpp"

namespace kentongan {

template <class T>
T run_task(Task<T> task, asio::io_context& context) {
    std::exception_ptr failure;
    if constexpr (std::is_void_v<T>) {
        bool done = false;
        asio::co_spawn(context, std::move(task), [&](std::exception_ptr e) {
            failure = e;
            done = true;
        });
        context.restart();
        context.run();
        if (failure) std::rethrow_exception(failure);
        if (!done) throw std::runtime_error("the task never ended");
    } else {
        std::optional<T> value;
        asio::co_spawn(context, std::move(task), [&](std::exception_ptr e, T result) {
            failure = e;
            value.emplace(std::move(result));
        });
        context.restart();
        context.run();
        if (failure) std::rethrow_exception(failure);
        if (!value) throw std::runtime_error("the task never ended");
        return std::move(*value);
    }
}

template <class T>
T run_task(Task<T> task) {
    asio::io_context context{1};
    return run_task(std::move(task), context);
}

}  // namespace kentongan
