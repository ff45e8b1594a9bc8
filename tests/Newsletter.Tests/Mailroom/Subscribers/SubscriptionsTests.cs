using Microsoft.Extensions.Time.Testing;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Mailroom.Subscribers;

[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class SubscriptionsTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private readonly FakeTimeProvider clock = new(new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero));

    [Test]
    public async Task An_ended_subscription_comes_back_by_a_named_undo_once()
    {
        var subscriptions = new Subscriptions(Store, new(Database, Some.ErasedAddresses()), new(Some.OurAddresses), Some.Acts(Database, clock), clock);
        var ada = (Addition.Added)await Store.AddAsync(new(EmailAddress.Read("ada@example.org")!), new(SubscriptionState.Suspended, "bounced", Actor.Server, clock.GetUtcNow()), Stop);

        var first = await subscriptions.ResumeAsync(ada.Id, "the relay's fault of 3 May", Stop);
        var second = await subscriptions.ResumeAsync(ada.Id, "the relay's fault of 3 May", Stop);

        Assert.That((first, second), Is.EqualTo((ChangeOutcome.Changed, ChangeOutcome.AlreadySo)));
        Assert.That((await Store.HistoryAsync(ada.Id, Stop))[^1].Change.Reason, Is.EqualTo("the relay's fault of 3 May"));
    }

    private SubscriberStore Store => field ??= new(Database, Some.ErasedAddresses());
}
