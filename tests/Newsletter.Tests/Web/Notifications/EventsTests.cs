using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Web.Notifications;

/// <summary>What follows from an event that was taken, and what does not.</summary>
public sealed class EventsTests
{
    private readonly SendGridVoice sendGrid = new();
    private readonly ScriptVoice script = new();
    private readonly PostmarkVoice postmark = new();
    private NotificationHome home = null!;

    [SetUp]
    public async Task Open() => home = await NotificationHome.OpenAsync(sendGrid, script, postmark);

    [TearDown]
    public async Task Close() => await home.DisposeAsync();

    private DateTimeOffset Now => home.Site.Time.GetUtcNow();

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
    public async Task What_an_event_says_can_be_read_where_it_is_shown()
    {
        using var browser = await AdminBrowser.OpenAsync(home.Site);
        await home.PostAsync(sendGrid.Post("""[{"event":"teleported","email":"zoe@example.net","to":"<script>Mars</script>"}]""", Now));
        await home.SettleAsync();

        var page = WebUtility.HtmlDecode(await browser.GetStringAsync($"/inbox/{(await home.InboxAsync()).Single().Id}"));

        Assert.That(page, Does.Contain("  \"event\": \"teleported\",\n  \"email\": \"zoe@example.net\"").And.Contain("The event as it came"));
        Assert.That(await browser.GetStringAsync("/inbox/1"), Does.Contain("&lt;script&gt;Mars").And.Not.Contain("<script>"));
    }

    [Test]
    public async Task An_event_about_anothers_letter_in_the_same_account_is_not_ours_though_the_address_is()
    {
        await home.PostAsync(sendGrid.Post($$"""[{"event":"spamreport","email":"{{NotificationHome.Zoe}}","smtp-id":"<order-7@shop.example>","sg_event_id":"7"}]""", Now));

        await home.SettleAsync();
        Assert.That(await home.StateAsync(), Is.EqualTo(SubscriptionState.Active));
        Assert.That((await home.InboxAsync()).Single().Kind, Is.EqualTo("complaint"));
    }

    /// <summary>Postmark gives no Message-ID of ours, but From: the site's is editor@example.org.</summary>
    [TestCase("orders@example.org", SubscriptionState.Active)]
    [TestCase("Editor@Example.ORG", SubscriptionState.Complained)]
    public async Task An_event_about_a_letter_of_another_author_is_not_ours_though_the_address_is(string from, SubscriptionState state)
    {
        await home.PostAsync(postmark.Post($$"""{"RecordType":"SpamComplaint","ID":7,"Email":"{{NotificationHome.Zoe}}","From":"{{from}}"}""", Now));

        await home.SettleAsync();
        Assert.That(await home.StateAsync(), Is.EqualTo(state));
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
}
