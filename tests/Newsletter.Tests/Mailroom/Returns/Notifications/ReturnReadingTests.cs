using System.Text;
using Dapper;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Mailroom.Returns.Notifications;

/// <summary>A stored event is read like a stored mail: by whoever comes next, and the same whenever that is.</summary>
public sealed class ReturnReadingTests : DatabaseTests<SqliteHome>
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 2, 7, 0, 0, TimeSpan.Zero));
    private SubscriberId ida;

    private ReturnedMailStore Mails => new(Database);

    private ReturnReading Reading => new(Mails, Some.OurAddresses(), IncomingRules.None);

    [SetUp]
    public async Task A_reader_has_a_letter()
    {
        ida = ((Addition.Added)await new SubscriberStore(Database, Some.ErasedAddresses()).AddAsync(
            new Profile(EmailAddress.Read("ida@harbour.example")!), new(SubscriptionState.Active, "test", Actor.Import, clock.GetUtcNow()), Stop)).Id;
        await DeliverAsync(1);
    }

    [Test]
    public async Task One_that_was_stored_and_not_handled_is_handled_by_the_next_look()
    {
        var id = await KeepAsync("""{"event":"bounce","recipient":"ida@harbour.example","status":"5.1.1"}""");

        var taken = await new ReturnDesk(Mails, Some.OurAddresses(), clock).FinishAsync(id, Stop);

        Assert.That((taken!.Handled!.Outcome, taken.Delivery), Is.EqualTo(("suspended", (DeliveryId?)new DeliveryId(new(1), ida))));
    }

    [Test]
    public async Task Weeks_later_it_is_about_the_same_letter()
    {
        var id = await KeepAsync("""{"event":"complaint","recipient":"ida@harbour.example"}""");
        clock.Advance(TimeSpan.FromDays(30));
        await DeliverAsync(2);

        var read = await Reading.ReadAsync(id, (await Mails.RawAsync(id, Stop))!, Stop);

        Assert.That(read.Traced.Delivery, Is.EqualTo(new DeliveryId(new(1), ida)));
    }

    [Test]
    public async Task The_example_that_is_shown_stays_the_one_that_is_shown_when_it_is_read_again()
    {
        var (first, second) = (await KeepAsync("""{"event":"teleported","n":1}"""), await KeepAsync("""{"event":"teleported","n":2}"""));
        var desk = new ReturnDesk(Mails, Some.OurAddresses(), clock);
        await desk.FinishAsync(first, Stop);
        await desk.FinishAsync(second, Stop);

        var again = new List<string>();
        foreach (var id in (long[])[first, second])
            again.Add((await Reading.ReadAsync(id, (await Mails.RawAsync(id, Stop))!, Stop)).Of(null).Word);

        Assert.That(again, Is.EqualTo(new[] { "show", "nothing" }));
    }

    private async Task<long> KeepAsync(string told) => (await new NotificationStore(Database).KeepAsync(
        NotificationForm.Generic, "signature", "test", [new(Encoding.UTF8.GetBytes(told), Encoding.UTF8.GetBytes(told))], null, clock.GetUtcNow(), Stop))!.Single();

    private Task<int> DeliverAsync(long edition) => Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("""
        insert into editions (id, issue_slug, title, content_hash, rendered, state, state_at, due_at, created_at) values (@edition, @slug, 'Lapwings', '', '', 'complete', 0, 0, 0);
        insert into deliveries (edition_id, subscriber_id, state, state_at, due_at) values (@edition, @subscriber, 'sent', @at, 0);
        """, new { edition, slug = $"issue-{edition}", subscriber = ida.Value, at = clock.GetUtcNow().Ms() }, transaction), Stop);
}
