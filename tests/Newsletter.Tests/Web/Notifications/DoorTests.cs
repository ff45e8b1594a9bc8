using System.Net;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Mailroom;
using Newsletter.Subscribers;
using Newsletter.Web;

namespace Newsletter.Tests.Web.Notifications;

/// <summary>What is answered to whom, and what is written down.</summary>
public sealed class DoorTests
{
    private readonly SendGridVoice sendGrid = new();
    private readonly MailgunVoice mailgun = new();
    private readonly ScriptVoice script = new();
    private readonly PostmarkVoice postmark = new();
    private NotificationHome home = null!;

    [SetUp]
    public async Task Open() => home = await NotificationHome.OpenAsync(sendGrid, mailgun, script, postmark);

    [TearDown]
    public async Task Close() => await home.DisposeAsync();

    private DateTimeOffset Now => home.Site.Time.GetUtcNow();

    [Test]
    public async Task A_name_that_nobody_has_is_nothing()
    {
        using var answer = await home.Site.Client.PostAsync("/returns/brevo", new StringContent("{}", Encoding.UTF8, "application/json"));

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
        var places = Enumerable.Range(0, NotificationGate.Most).Select(_ => gate.TryEnter(sendGrid.Name)!).ToList();

        var full = await home.PostAsync(sendGrid.Post(sendGrid.Bounce(NotificationHome.Zoe), Now));
        places[0].Dispose();
        var free = await home.PostAsync(sendGrid.Post(sendGrid.Bounce(NotificationHome.Zoe), Now));

        Assert.That((full, free), Is.EqualTo((HttpStatusCode.TooManyRequests, HttpStatusCode.OK)));
    }

    [Test]
    public async Task When_all_places_of_one_name_are_taken_the_other_providers_are_heard()
    {
        var gate = home.Site.Services.GetRequiredService<NotificationGate>();
        foreach (var _ in Enumerable.Range(0, NotificationGate.Most))
            gate.TryEnter(mailgun.Name);

        var status = await home.PostAsync(sendGrid.Post(sendGrid.Bounce(NotificationHome.Zoe), Now));

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Who_shows_nothing_in_the_headers_takes_no_place()
    {
        var gate = home.Site.Services.GetRequiredService<NotificationGate>();
        foreach (var voice in (ProviderVoice[])[sendGrid, script, postmark])
        {
            foreach (var _ in Enumerable.Range(0, NotificationGate.Most))
                gate.TryEnter(voice.Name);

            var status = await home.PostAsync(voice.Unproven(voice.Bounce(NotificationHome.Zoe)));

            Assert.That(status, Is.EqualTo(HttpStatusCode.Unauthorized), voice.Name);
        }
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
    public async Task Refused_requests_are_counted()
    {
        foreach (var _ in Enumerable.Range(0, 3))
            await home.PostAsync(script.Unproven(script.Bounce(NotificationHome.Zoe)));

        Assert.That(home.Site.Services.GetRequiredService<RefusedNotifications>().Count("generic"), Is.EqualTo(3));
    }
}
