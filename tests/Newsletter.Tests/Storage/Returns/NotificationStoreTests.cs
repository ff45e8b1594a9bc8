using System.Text;
using Dapper;
using Newsletter.Addresses;
using Newsletter.Classifying;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Storage.Returns;

[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class NotificationStoreTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly DateTimeOffset Now = new(2026, 11, 2, 7, 0, 0, TimeSpan.Zero);
    private static readonly CancellationToken Stop = CancellationToken.None;

    private NotificationStore Told => new(Database);
    private ReturnedMailStore Mails => new(Database);

    [Test]
    public async Task An_event_is_a_row_with_its_words_and_its_form()
    {
        var kept = await KeepAsync(NotificationForm.SendGrid, "{\"event\":\"bounce\"}");

        Assert.That(await Mails.ToldAsync(kept!.Single(), Stop), Is.EqualTo(new ToldRow(NotificationForm.SendGrid, Now)));
        Assert.That(Encoding.UTF8.GetString((await Mails.RawAsync(kept!.Single(), Stop))!), Is.EqualTo("{\"event\":\"bounce\"}"));
    }

    [Test]
    public async Task An_event_that_is_told_again_is_no_new_row_and_the_others_of_its_request_are()
    {
        await KeepAsync(NotificationForm.Brevo, "one");

        var kept = await KeepAsync(NotificationForm.Brevo, "one", "two", "two");

        Assert.That(kept, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task A_mail_of_the_same_bytes_is_another_row_and_no_event()
    {
        var told = (await KeepAsync(NotificationForm.Brevo, "one"))!.Single();

        var mail = await Mails.KeepAsync("one"u8.ToArray(), null, "test", Now, Stop);

        Assert.That(mail.Id, Is.Not.EqualTo(told));
        Assert.That(await Mails.ToldAsync(mail.Id, Stop), Is.Null);
    }

    [Test]
    public async Task A_token_is_good_for_one_request_however_often_that_comes()
    {
        var first = await UseAsync("token", "body");
        var again = await UseAsync("token", "body");
        var other = await UseAsync("token", "another body");
        var fresh = await UseAsync("another token", "another body");

        Assert.That((first?.Count, again?.Count, other, fresh?.Count), Is.EqualTo(((int?)1, (int?)0, (IReadOnlyList<long>?)null, (int?)1)));
    }

    [Test]
    public async Task Of_eight_requests_with_one_token_at_once_one_is_taken()
    {
        var taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => new NotificationStore(OpenAnother()).KeepAsync(
            NotificationForm.Mailgun, "signature", "test", [new([(byte)i], new byte[] { (byte)i })], new("token", new byte[] { (byte)i }, Now.AddHours(9)), Now, Stop))));

        Assert.That(taken.Count(each => each is not null), Is.EqualTo(1));
    }

    [Test]
    public async Task Tokens_that_are_too_old_anyway_are_forgotten()
    {
        await UseAsync("token", "body");
        await Told.KeepAsync(NotificationForm.Mailgun, "signature", "test", [], new("later", default, Now.AddDays(2)), Now.AddDays(1), Stop);

        Assert.That(await Database.ReadAsync(connection => connection.QuerySingleAsync<long>("select count(*) from notification_tokens"), Stop), Is.EqualTo(1));
    }

    [Test]
    public async Task The_newest_delivery_to_an_address_is_found_whatever_its_case()
    {
        var ida = await SubscribeAsync("Ida@harbour.example");
        await DeliverAsync(1, ida, "sent", Now.AddDays(-13));
        await DeliverAsync(2, ida, "sent", Now.AddDays(-1));
        await DeliverAsync(3, ida, "waiting", Now);
        await DeliverAsync(4, ida, "sent", Now, sandbox: "me@example.org");

        Assert.That(await NewestAsync("iDA@Harbour.example"), Is.EqualTo(new DeliveryId(new(2), ida)));
        Assert.That(await NewestAsync("olof@harbour.example"), Is.Null);
    }

    [Test]
    public async Task A_delivery_of_long_ago_is_not_and_none_that_left_later()
    {
        var ida = await SubscribeAsync("ida@harbour.example");
        await DeliverAsync(1, ida, "sent", Now.AddDays(-15));
        await DeliverAsync(2, ida, "sent", Now.AddDays(1));

        Assert.That(await NewestAsync("ida@harbour.example"), Is.Null);
    }

    [Test]
    public async Task The_newest_probe_to_an_address_is_found_until_a_letter_leaves_after_it()
    {
        var ida = await SubscribeAsync("Ida@harbour.example");
        await DeliverAsync(1, ida, "sent", Now.AddDays(-9));
        var first = await ProbeAsync(ida, "stayed", Now.AddDays(-8));
        var second = await ProbeAsync(ida, "sent", Now.AddDays(-1));
        await ProbeAsync(ida, "void", null);
        await DeliverAsync(2, ida, "sent", Now.AddHours(-1), sandbox: "me@example.org");

        var found = (await NewestProbeAsync(Now), await NewestProbeAsync(Now.AddDays(-2)), await NewestProbeAsync(Now.AddDays(-9)));
        await DeliverAsync(3, ida, "sent", Now.AddMinutes(-1));

        Assert.That(found, Is.EqualTo(((ProbeId?)second, (ProbeId?)first, (ProbeId?)null)));
        Assert.That((await NewestProbeAsync(Now), await NewestProbeAsync(Now.AddMinutes(-2))), Is.EqualTo(((ProbeId?)null, (ProbeId?)second)));
    }

    [TestCase("other", "an event called x", true)]
    [TestCase("other", null, true)]
    [TestCase("other", "an event called y", false)]
    [TestCase("bounce", null, false)]
    public async Task Whether_one_of_a_kind_was_shown_is_known(string kind, string? evidence, bool isKnown)
    {
        var ids = await KeepAsync(NotificationForm.Brevo, "one", "two");
        await Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync(
            "update returned_mails set kind = 'other', consequence = 'show', evidence = 'an event called x' where id = @id", new { id = ids![0] }, transaction), Stop);

        Assert.That(await Mails.WasShownAsync(NotificationForm.Brevo, kind, evidence, ids![1], Now.AddDays(-1), Stop), Is.EqualTo(isKnown));
        Assert.That(await Mails.WasShownAsync(NotificationForm.Brevo, kind, evidence, ids[0], Now.AddDays(-1), Stop), Is.False);
        Assert.That(await Mails.WasShownAsync(NotificationForm.Brevo, kind, evidence, ids[1], Now.AddSeconds(1), Stop), Is.False);
    }

    private Task<IReadOnlyList<long>?> KeepAsync(NotificationForm form, params string[] events) =>
        Told.KeepAsync(form, "secret", "test", [.. events.Select(each => new ToldEvent(Encoding.UTF8.GetBytes(each), Encoding.UTF8.GetBytes(each)))], null, Now, Stop);

    private Task<IReadOnlyList<long>?> UseAsync(string token, string body) => Told.KeepAsync(
        NotificationForm.Mailgun, "signature", "test", [new(Encoding.UTF8.GetBytes(body), Encoding.UTF8.GetBytes(body))], new(token, Encoding.UTF8.GetBytes(body), Now.AddHours(9)), Now, Stop);

    private Task<DeliveryId?> NewestAsync(string address) => Mails.NewestAsync(EmailAddress.Read(address)!, Now.AddDays(-14), Now, Stop);

    private Task<ProbeId?> NewestProbeAsync(DateTimeOffset until) => Mails.NewestProbeAsync(EmailAddress.Read("iDA@Harbour.example")!, Now.AddDays(-14), until, Stop);

    private async Task<ProbeId> ProbeAsync(SubscriberId subscriber, string state, DateTimeOffset? sentAt) => new(await Database.WriteAsync(transaction => transaction.Connection!.QuerySingleAsync<long>(
        "insert into probes (subscriber_id, edition_id, state, made_at, sent_at) values (@Value, 1, @state, 0, @at) returning id", new { subscriber.Value, state, at = sentAt?.Ms() }, transaction), Stop), subscriber);

    private async Task<SubscriberId> SubscribeAsync(string address) => ((Addition.Added)await new SubscriberStore(Database, Some.ErasedAddresses()).AddAsync(
        new Profile(EmailAddress.Read(address)!), new StandingChange(SubscriptionState.Active, "test", Actor.Import, Now), Stop)).Id;

    private Task<int> DeliverAsync(long edition, SubscriberId subscriber, string state, DateTimeOffset at, string sandbox = "") => Database.WriteAsync(transaction => transaction.Connection!.ExecuteAsync("""
        insert into editions (id, issue_slug, title, content_hash, rendered, state, state_at, due_at, created_at, sandbox) values (@edition, @slug, 'Lapwings', '', '', 'complete', 0, 0, 0, @sandbox);
        insert into deliveries (edition_id, subscriber_id, state, state_at, due_at) values (@edition, @subscriber, @state, @at, 0);
        """, new { edition, slug = $"issue-{edition}", subscriber = subscriber.Value, state, at = at.Ms(), sandbox }, transaction), Stop);
}
