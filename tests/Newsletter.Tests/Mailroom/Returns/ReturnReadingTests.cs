using System.Text;
using Dapper;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Mailroom.Returns;

/// <summary>A stored event is read like a stored mail: by whoever comes next, and the same whenever that is.</summary>
public sealed class ReturnReadingTests : DatabaseTests<SqliteHome>
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 2, 7, 0, 0, TimeSpan.Zero));
    private SubscriberId ida;

    private ReturnedMailStore Mails => new(Database);

    private ReturnReading Reading => new(Mails, Some.OurAddresses(), editor: null, IncomingRules.None);

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
            again.Add((await Reading.ReadAsync(id, (await Mails.RawAsync(id, Stop))!, Stop)).Decide(null).Word);

        Assert.That(again, Is.EqualTo(new[] { "show", "nothing" }));
    }

    /// <summary>Amazon tells the last address of a redirection of a bounce, and to whom the letter went beside it.</summary>
    [TestCase("""{"event":"complaint","recipient":"olof@harbour.example","messageId":"SEAL"}""", NotificationForm.Generic, "nothing")]
    [TestCase("""{"event":"bounce","recipient":"olof@harbour.example","status":"5.1.1","messageId":"SEAL"}""", NotificationForm.Generic, "nothing")]
    [TestCase("""{"event":"unsubscribe","recipient":"olof@harbour.example","messageId":"SEAL"}""", NotificationForm.Generic, "nothing")]
    [TestCase("""{"event":"complaint","recipient":"IDA@harbour.example","messageId":"SEAL"}""", NotificationForm.Generic, "complain")]
    [TestCase("""{"event":"complaint","messageId":"SEAL"}""", NotificationForm.Generic, "complain")]
    [TestCase("""{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"redirected@elsewhere.example"}]},"mail":{"destination":["ida@harbour.example"],"commonHeaders":{"messageId":"SEAL"}}}""", NotificationForm.Ses, "weigh")]
    [TestCase("""{"notificationType":"Complaint","complaint":{"complainedRecipients":[{"emailAddress":"bo@elsewhere.example"}]},"mail":{"destination":["bo@elsewhere.example"],"commonHeaders":{"messageId":"SEAL"}}}""", NotificationForm.Ses, "nothing")]
    public async Task An_event_about_another_address_than_the_letter_went_to_changes_nobody(string told, NotificationForm form, string word)
    {
        var id = await KeepAsync(told.Replace("SEAL", Some.OurAddresses().MessageId(new(new(1), ida)), StringComparison.Ordinal), form);

        var read = await Reading.ReadAsync(id, (await Mails.RawAsync(id, Stop))!, Stop);

        Assert.That(read.Decide(EmailAddress.Read("ida@harbour.example")).Word, Is.EqualTo(word));
    }

    /// <summary>An account may be a shop's as well. Amazon tells the envelope sender of every letter, and each of ours is sealed.</summary>
    [TestCase("""{"notificationType":"Complaint","mail":{"source":"orders@shop.example","messageId":"0100"},"complaint":{"complainedRecipients":[{"emailAddress":"ida@harbour.example"}]}}""", NotificationForm.Ses)]
    [TestCase("""{"notificationType":"Complaint","mail":{"commonHeaders":{"messageId":"order-7@shop.example"}},"complaint":{"complainedRecipients":[{"emailAddress":"ida@harbour.example"}]}}""", NotificationForm.Ses)]
    [TestCase("""{"event":"complaint","recipient":"ida@harbour.example","returnPath":"orders@shop.example"}""", NotificationForm.Generic)]
    public async Task A_letter_that_says_itself_that_it_is_anothers_is_not_looked_for_by_its_address(string told, NotificationForm form)
    {
        var id = await KeepAsync(told, form);

        var read = await Reading.ReadAsync(id, (await Mails.RawAsync(id, Stop))!, Stop);

        Assert.That((read.Traced.Mail.Kind, read.Traced.Delivery), Is.EqualTo(("complaint", (DeliveryId?)null)));
    }

    [Test]
    public async Task A_bounce_without_a_seal_is_the_probes_where_no_letter_left_after_it()
    {
        clock.Advance(TimeSpan.FromDays(3));
        var probe = await ProbeAsync();
        clock.Advance(TimeSpan.FromHours(1));
        var id = await KeepAsync("""{"event":"bounce","recipient":"ida@harbour.example","status":"5.2.2"}""");
        clock.Advance(TimeSpan.FromDays(1));
        await DeliverAsync(2);

        var taken = await new ReturnDesk(Mails, Some.OurAddresses(), clock).FinishAsync(id, Stop);

        Assert.That((taken!.Delivery, taken.Handled!.Outcome), Is.EqualTo(((DeliveryId?)null, "suspended")));
        Assert.That((await Reading.ReadAsync(id, (await Mails.RawAsync(id, Stop))!, Stop)).Traced.Probe, Is.EqualTo((ProbeId?)probe));
    }

    [TestCase("bounce", true)]
    [TestCase("complaint", false)]
    public async Task After_a_letter_that_followed_the_probe_and_for_complaints_it_is_the_letters(string name, bool isLetterAfter)
    {
        await ProbeAsync();
        clock.Advance(TimeSpan.FromHours(1));
        if (isLetterAfter)
            await DeliverAsync(2);
        var id = await KeepAsync($$"""{"event":"{{name}}","recipient":"ida@harbour.example","status":"5.2.2"}""");

        var read = await Reading.ReadAsync(id, (await Mails.RawAsync(id, Stop))!, Stop);

        Assert.That((read.Traced.Probe, read.Traced.Delivery), Is.EqualTo(((ProbeId?)null, (DeliveryId?)new DeliveryId(new(isLetterAfter ? 2 : 1), ida))));
    }

    private async Task<ProbeId> ProbeAsync() => new(await Database.WriteAsync(transaction => transaction.Connection!.QuerySingleAsync<long>("""
        insert into probes (subscriber_id, edition_id, state, made_at, due, sent_at) values (@Value, 1, 'sent', @at, @at + 604800000, @at) returning id
        """, new { ida.Value, at = clock.GetUtcNow().Ms() }, transaction), Stop), ida);

    private async Task<long> KeepAsync(string told, NotificationForm form = NotificationForm.Generic) => (await new NotificationStore(Database).KeepAsync(
        form, "signature", "test", [new(Encoding.UTF8.GetBytes(told), Encoding.UTF8.GetBytes(told))], null, clock.GetUtcNow(), Stop))!.Single();

    private Task<int> DeliverAsync(long edition) => Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("""
        insert into editions (id, issue_slug, title, content_hash, rendered, state, state_at, due_at, created_at) values (@edition, @slug, 'Lapwings', '', '', 'complete', 0, 0, 0);
        insert into deliveries (edition_id, subscriber_id, state, state_at, due_at) values (@edition, @subscriber, 'sent', @at, 0);
        """, new { edition, slug = $"issue-{edition}", subscriber = ida.Value, at = clock.GetUtcNow().Ms() }, transaction), Stop);
}
