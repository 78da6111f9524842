#include "daemon/async/task_group.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/multiple_exceptions.hpp>
#include <boost/system/system_error.hpp>
#include <list>
#include <optional>

namespace kentongan {

struct TaskGroup::State : std::enable_shared_from_this<State> {
    struct Member {
        std::string name;
        asio::cancellation_signal signal;
    };

    explicit State(asio::any_io_executor e)
        : executor(std::move(e)), all_done(executor, asio::steady_timer::time_point::max()) {}

    void cancel() {
        // A cancelled member may end at once and leave the list, so signals go out one by one.
        for (auto& member : members)
            asio::post(executor, [member] { member->signal.emit(asio::cancellation_type::all); });
    }

    void finished(const std::shared_ptr<Member>& member, std::exception_ptr exception,
                  Result<> result) {
        if (auto error = failure(*member, exception, std::move(result)); error && !first_error) {
            first_error = std::move(error);
            cancel();
        }
        members.remove(member);
        if (members.empty()) all_done.expires_at(asio::steady_timer::time_point::min());
    }

    static std::optional<Error> failure(const Member& member, std::exception_ptr exception,
                                        Result<> result) {
        if (!exception)
            return result ? std::nullopt : std::optional{result.error().within(member.name)};
        try {
            std::rethrow_exception(exception);
        } catch (const asio::multiple_exceptions& e) {
            return failure(member, e.first_exception(), {});  // of a() && b(), a() || b()
        } catch (const boost::system::system_error& e) {
            if (e.code() == asio::error::operation_aborted) return std::nullopt;
            return Error{ErrorCode::io, member.name + ": " + e.what()};
        } catch (const std::exception& e) {
            return Error{ErrorCode::internal, member.name + ": " + e.what()};
        }
    }

    asio::any_io_executor executor;
    asio::steady_timer all_done;
    std::list<std::shared_ptr<Member>> members;
    std::optional<Error> first_error;
};

TaskGroup::TaskGroup(asio::any_io_executor executor)
    : state_(std::make_shared<State>(std::move(executor))) {}

TaskGroup::~TaskGroup() { state_->cancel(); }

void TaskGroup::spawn(std::string name, Task<Result<>> task) {
    auto member = std::make_shared<State::Member>();
    member->name = std::move(name);
    state_->members.push_back(member);
    auto done = [state = state_, member](std::exception_ptr exception, Result<> result) {
        state->finished(member, exception, std::move(result));
    };
    asio::co_spawn(state_->executor, std::move(task),
                   asio::bind_cancellation_slot(member->signal.slot(), std::move(done)));
}

void TaskGroup::spawn(std::string name, Task<> task) {
    auto wrapped = [](Task<> inner) -> Task<Result<>> {
        co_await std::move(inner);
        co_return Result<>{};
    };
    spawn(std::move(name), wrapped(std::move(task)));
}

void TaskGroup::cancel() { state_->cancel(); }

Task<Result<>> TaskGroup::join() {
    while (!state_->members.empty()) {
        state_->all_done.expires_at(asio::steady_timer::time_point::max());
        co_await state_->all_done.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    if (state_->first_error) co_return std::unexpected(*state_->first_error);
    co_return Result<>{};
}

std::size_t TaskGroup::running() const { return state_->members.size(); }

}  // namespace kentongan
