using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Mailroom;

/// <summary>Ends subscriptions by what readers wrote, at the editor's word: command and page call this.</summary>
public sealed class WishesToLeave(LeaveStore store, Farewells farewells, ReturnsOptions options, Acts acts, TimeProvider clock)
{
    /// <summary>Ends the subscription of a conversation's reader, puts the conversation away, and tells the reader how to take it back. Twice is once.</summary>
    /// <param name="thread">The conversation.</param>
    /// <param name="reader">The reader, named; null: only where they asked themselves.</param>
    /// <param name="ct">Stops before the commit.</param>
    public async Task<LeftByThread> GrantAsync(long thread, EmailAddress? reader, CancellationToken ct)
    {
        var left = await acts.DoAsync(() => store.LeaveAsync(thread, reader, raw => options.ConfirmUnsubscribe && MailMarks.Read(raw, []).NoAnswer is null, clock.GetUtcNow(), ct),
            done => done is { Outcome: ChangeOutcome.Changed, Subscriber: { } subscriber } ? new Deed("inbox unsubscribe", subscriber, new { conversation = thread }) : null);
        await farewells.SendAsync(ct);
        return left;
    }
}
