using System.Net;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;
using Newsletter.Web;

namespace Newsletter.Tests.Web.Notifications;

/// <summary>What is answered to whom, and what is written down.</summary>
public sealed class DoorTests
{
    private readonly SendGridVoice sendGrid = new();
    private readonly MailgunVoice mailgun = new();
    private readonly ScriptVoice script = new();
    private NotificationHome home = null!;

    [SetUp]
    public async Task Open() => home = await NotificationHome.OpenAsync(sendGrid, mailgun, script);

    [TearDown]
    public async Task Close() => await home.DisposeAsync();

    private DateTimeOffset Now => home.Site.Time.GetUtcNow();

    [Test]
    public async Task A_name_that_nobody_has_is_nothing()
    {
        using var answer = await home.Site.Client.PostAsync("/returns/postmark", new StringContent("{}", Encoding.UTF8, "application/json"));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Looking_does_nothing()
    {
        using var answer = await home.Site.Client.GetAsync("/returns/sendgrid");

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
    }

    [TestCase("application/x-www-form-urlencoded", "")]
    [TestCase("text/plain", "")]
    [TestCase("application/json", "gzip")]
    public async Task What_says_that_it_is_no_JSON_is_not_read(string type, string encoding)
    {
        var request = sendGrid.Post(sendGrid.Bounce(NotificationHome.Zoe), Now);
        request.Content!.Headers.ContentType!.MediaType = type;
        if (encoding.Length > 0)
            request.Content.Headers.ContentEncoding.Add(encoding);

        Assert.That(await home.PostAsync(request), Is.EqualTo(HttpStatusCode.UnsupportedMediaType));
    }

    [Test]
    public async Task A_megabyte_is_the_most()
    {
        var events = $"[{string.Join(',', Enumerable.Repeat(sendGrid.Bounce("nobody@example.net").Trim('[', ']'), 6_000))}]";

        Assert.That(await home.PostAsync(sendGrid.Post(events, Now)), Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(await home.PostAsync(sendGrid.Post($"[\"{new string('x', 1_000_000)}\"]", Now)), Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task What_is_proven_and_no_JSON_is_refused_as_that() =>
        Assert.That(await home.PostAsync(script.Post("event=bounce", Now)), Is.EqualTo(HttpStatusCode.BadRequest));

    [Test]
    public async Task A_store_that_is_away_is_told_and_nothing_is_taken()
    {
        await using (var connection = new SqliteConnection($"Data Source={home.Site.Folder.Database};Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "alter table returned_mails rename to gone;";
            await command.ExecuteNonQueryAsync();
        }
        using var request = sendGrid.Post(sendGrid.Bounce(NotificationHome.Zoe), Now);

        using var answer = await home.Site.Client.SendAsync(request);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(answer.Headers.RetryAfter, Is.Not.Null);
    }

    [Test]
    public async Task When_all_places_are_taken_the_next_is_told_to_come_again()
    {
        var gate = home.Site.Services.GetRequiredService<NotificationGate>();
        var places = Enumerable.Range(0, NotificationGate.Most).Select(_ => gate.TryEnter()!).ToList();

        var full = await home.PostAsync(sendGrid.Post(sendGrid.Bounce(NotificationHome.Zoe), Now));
        places[0].Dispose();
        var free = await home.PostAsync(sendGrid.Post(sendGrid.Bounce(NotificationHome.Zoe), Now));

        Assert.That((full, free), Is.EqualTo((HttpStatusCode.TooManyRequests, HttpStatusCode.OK)));
    }

    [Test]
    public async Task A_token_of_Mailgun_is_good_for_one_request_alone()
    {
        const string token = "0123456789abcdef0123456789abcdef0123456789abcdef01";
        var harmless = await home.PostAsync(mailgun.Post("""{"event":"delivered","recipient":"zoe@example.net"}""", Now, token));

        var stolen = await home.PostAsync(mailgun.Post(mailgun.Bounce(NotificationHome.Zoe, home.MessageId), Now, token));

        Assert.That((harmless, stolen), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Forbidden)));
        Assert.That(await home.StateAsync(), Is.EqualTo(SubscriptionState.Active));
    }

    [Test]
    public async Task An_event_that_is_told_again_in_another_request_is_one_row()
    {
        var bounce = sendGrid.Bounce(NotificationHome.Zoe, home.MessageId);
        await home.PostAsync(sendGrid.Post(bounce, Now));
        await home.SettleAsync();
        var before = await home.Site.DumpAsync();
        home.Site.Time.Advance(TimeSpan.FromHours(1));

        var status = await home.PostAsync(sendGrid.Post(bounce.Replace("1771000000", "1771000001", StringComparison.Ordinal), Now));

        await home.SettleAsync();
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await home.Site.DumpAsync(), Is.EqualTo(before));
    }

    [TestCase("delivered")]
    [TestCase("open")]
    [TestCase("click")]
    [TestCase("processed")]
    public async Task What_arrived_was_opened_or_clicked_is_not_written_down(string name)
    {
        var before = await home.Site.DumpAsync();

        var status = await home.PostAsync(sendGrid.Post($$"""[{"event":"{{name}}","email":"zoe@example.net","useragent":"Firefox","url":"https://news.example.org/private"}]""", Now));

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await home.Site.DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task Of_events_that_are_not_known_all_are_kept_and_one_a_day_is_shown()
    {
        foreach (var i in Enumerable.Range(0, 3))
        {
            await home.PostAsync(sendGrid.Post($$"""[{"event":"teleported","email":"zoe@example.net","n":{{i}}}]""", Now));
            await home.SettleAsync();
        }
        await home.PostAsync(sendGrid.Post("""[{"event":"dissolved","email":"zoe@example.net"}]""", Now));
        await home.SettleAsync();

        Assert.That((await home.InboxAsync()).Select(thread => thread.Kind), Is.EqualTo(new[] { "other", "other" }));
        Assert.That((await home.Site.DumpAsync()).Split("teleported, which is not known here").Length - 1, Is.EqualTo(3));
    }

    [Test]
    public async Task An_event_about_anothers_letter_in_the_same_account_is_not_ours_though_the_address_is()
    {
        await home.PostAsync(sendGrid.Post($$"""[{"event":"spamreport","email":"{{NotificationHome.Zoe}}","smtp-id":"<order-7@shop.example>","sg_event_id":"7"}]""", Now));

        await home.SettleAsync();
        Assert.That(await home.StateAsync(), Is.EqualTo(SubscriptionState.Active));
        Assert.That((await home.InboxAsync()).Single().Kind, Is.EqualTo("complaint"));
    }

    [Test]
    public async Task Of_events_that_prove_no_letter_one_a_day_is_shown_and_none_is_handed_on()
    {
        foreach (var i in Enumerable.Range(0, 3))
            await home.PostAsync(script.Post(script.Bounce($"customer{i}@shop.example"), Now));
        await home.PostAsync(script.Post("""{"event":"unsubscribe","recipient":"customer@shop.example"}""", Now));
        await home.SettleAsync();

        Assert.That((await home.InboxAsync()).Select(thread => thread.Kind), Is.EquivalentTo(new[] { "bounce", "unsubscribe" }));
        Assert.That(await home.Site.Services.GetRequiredService<InboxStore>().ClaimForwardAsync(Now.AddDays(1), TimeSpan.FromMinutes(1), CancellationToken.None), Is.Null);
    }

    [Test]
    public async Task A_letter_of_more_than_14_days_ago_is_not_guessed_at()
    {
        home.Site.Time.Advance(TimeSpan.FromDays(15));

        await home.PostAsync(script.Post(script.Bounce(NotificationHome.Zoe), Now));

        await home.SettleAsync();
        Assert.That(await home.StateAsync(), Is.EqualTo(SubscriptionState.Active));
    }

    /// <summary>Anybody can mail us JSON: what a row is, is said by who took it in.</summary>
    [Test]
    public async Task The_same_words_by_mail_change_nobody()
    {
        var desk = home.Site.Services.GetRequiredService<ReturnDesk>();
        foreach (var words in (string[])[script.Bounce(NotificationHome.Zoe), sendGrid.Bounce(NotificationHome.Zoe), new AmazonVoice().Bounce(NotificationHome.Zoe)])
        {
            await desk.TakeAsync(Encoding.UTF8.GetBytes(words), "test", [], CancellationToken.None);
            await desk.TakeAsync(Encoding.UTF8.GetBytes($"From: no-reply@sns.amazonaws.com\nx-amz-sns-message-id: 7\nContent-Type: application/json\n\n{words}"), "test", [], CancellationToken.None);
        }

        Assert.That(await home.StateAsync(), Is.EqualTo(SubscriptionState.Active));
    }

    [TestCase("complaint", SubscriptionState.Complained)]
    [TestCase("unsubscribe", SubscriptionState.Unsubscribed)]
    [TestCase("delayed", SubscriptionState.Active)]
    public async Task Other_events_do_what_they_say(string name, SubscriptionState state)
    {
        await home.PostAsync(script.Post($$"""{"event":"{{name}}","recipient":"{{NotificationHome.Zoe}}","messageId":"{{home.MessageId}}"}""", Now));

        await home.SettleAsync();
        Assert.That(await home.StateAsync(), Is.EqualTo(state));
    }

    [Test]
    public async Task A_thousand_events_at_once_are_a_row_each()
    {
        var readers = new List<DeliveryId>();
        foreach (var i in Enumerable.Range(0, 20))
            readers.Add(await NotificationHome.SendAsync(home.Site, $"reader{i}@example.net"));
        var events = string.Join(',', Enumerable.Range(0, 1_000).Select(i => script.Bounce($"reader{i % 25}@example.net", i % 25 < 20 ? home.Site.Ours.MessageId(readers[i % 25]) : $"m-{i}@elsewhere.example")));

        var status = await home.PostAsync(script.Post($$"""{"events":[{{events}}]}""", Now));

        await home.SettleAsync();
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        foreach (var reader in readers)
            Assert.That(await home.StateAsync(reader), Is.EqualTo(SubscriptionState.Suspended));
        Assert.That(await home.StateAsync(), Is.EqualTo(SubscriptionState.Active));
    }

    [Test]
    public async Task Refused_requests_are_counted()
    {
        foreach (var _ in Enumerable.Range(0, 3))
            await home.PostAsync(script.Unproven(script.Bounce(NotificationHome.Zoe)));

        Assert.That(home.Site.Services.GetRequiredService<RefusedNotifications>().Count("generic"), Is.EqualTo(3));
    }
}
