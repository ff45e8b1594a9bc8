using System.Net;
using CsCheck;
using Newsletter.Addresses;
using Newsletter.Subscribers;

namespace Newsletter.Tests.Web;

/// <summary>RFC 8058, and what scanners do with links.</summary>
public sealed class UnsubscribeTests
{
    private static readonly string[] FormTypes = ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "multipart/form-data; boundary=", "text/plain", "x"];
    private SiteHome home = null!;
    private SubscriberId reader;
    private EditionId edition;
    private string link = "";

    [SetUp]
    public async Task A_reader_has_a_letter()
    {
        home = await SiteHome.OpenAsync();
        reader = await home.SubscribeAsync("zoe@example.net");
        edition = await home.PublishAsync("spring");
        link = home.Link(edition, reader);
    }

    [TearDown]
    public async Task Close() => await home.DisposeAsync();

    [TestCase("GET", "")]
    [TestCase("HEAD", "")]
    [TestCase("GET", "/")]
    [TestCase("GET", "?List-Unsubscribe=One-Click&act=leave")]
    public async Task Looking_at_the_link_changes_not_one_row(string method, string more)
    {
        var before = await home.DumpAsync();

        using var answer = await home.Client.SendAsync(new(new(method), link + more));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await home.DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task The_page_has_one_button_that_posts_and_nothing_personal_no_script_and_no_way_for_the_token_to_leak()
    {
        using var answer = await home.Client.GetAsync(link);

        var page = await answer.Content.ReadAsStringAsync();
        Assert.That(page, Does.Contain("<form method=\"post\">").And.Contain("Field Notes &amp; Co").And.Contain("lang=\"en\""));
        Assert.That(page.Split("<button").Length - 1, Is.EqualTo(1));
        Assert.That(page, Does.Not.Contain("zoe").IgnoreCase.And.Not.Contain("Quill").And.Not.Contain("<script").And.Not.Contain("https://"));
        Assert.That(Header(answer, "Referrer-Policy"), Is.EqualTo("no-referrer"));
        Assert.That(Header(answer, "X-Robots-Tag"), Does.Contain("noindex"));
        Assert.That(Header(answer, "Content-Security-Policy"), Does.StartWith("default-src 'none'").And.Not.Contain("script-src"));
        Assert.That(Header(answer, "Cache-Control"), Is.EqualTo("no-store"));
        Assert.That(answer.Headers.Contains("Set-Cookie"), Is.False);
    }

    [TestCase("multipart")]
    [TestCase("urlencoded")]
    public async Task One_post_of_a_mail_program_unsubscribes_at_once_without_cookie_or_redirect(string encoding)
    {
        using var request = OneClick(link, encoding);
        request.Headers.Add("User-Agent", "GoogleImageProxy/1.0");

        using var answer = await home.Client.SendAsync(request);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(answer.Headers.Location, Is.Null);
        Assert.That(answer.Headers.Contains("Set-Cookie"), Is.False);
        var line = (await home.Subscribers.HistoryAsync(reader, CancellationToken.None))[^1];
        Assert.That(line, Is.EqualTo(new HistoryLine(SubscriptionState.Active,
            new(SubscriptionState.Unsubscribed, "one-click", Actor.Reader, home.Time.GetUtcNow(), "127.0.0.1 GoogleImageProxy/1.0", edition))));
    }

    [Test]
    public async Task A_second_post_is_answered_alike_and_writes_nothing()
    {
        (await home.Client.SendAsync(OneClick(link, "multipart"))).Dispose();
        var once = await home.DumpAsync();

        using var answer = await home.Client.SendAsync(OneClick(link, "urlencoded"));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await home.DumpAsync(), Is.EqualTo(once));
    }

    [Test]
    public async Task Eight_posts_at_once_are_one_unsubscribe()
    {
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => home.Client.SendAsync(OneClick(link, "urlencoded"))));

        Assert.That(answers.Select(answer => answer.StatusCode), Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That(await home.Subscribers.HistoryAsync(reader, CancellationToken.None), Has.Count.EqualTo(2));
    }

    [TestCase("upper case")]
    [TestCase("a slash at the end")]
    [TestCase("an empty body")]
    [TestCase("a body of an odd type")]
    public async Task A_mail_program_may_spell_it_its_own_way_and_is_not_sent_elsewhere(string way)
    {
        using var request = OneClick(way switch { "upper case" => "/u/" + link[3..].ToUpperInvariant(), "a slash at the end" => link + "/", _ => link }, "urlencoded");
        if (way is "an empty body")
            request.Content = null;
        if (way is "a body of an odd type")
            request.Content = new StringContent("List-Unsubscribe=One-Click");

        using var answer = await home.Client.SendAsync(request);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StateAsync(), Is.EqualTo(SubscriptionState.Unsubscribed));
    }

    [Test]
    public async Task The_button_unsubscribes_and_its_page_undoes_it()
    {
        using var left = await home.Client.PostAsync(link, Act("leave"));
        var reason = (await home.Subscribers.HistoryAsync(reader, CancellationToken.None))[^1].Change.Reason;
        using var back = await home.Client.PostAsync(link, Act("resume"));
        using var again = await home.Client.PostAsync(link, Act("resume"));

        Assert.That(await left.Content.ReadAsStringAsync(), Does.Contain("Undo").And.Contain("value=\"resume\""));
        Assert.That(reason, Is.EqualTo("page"));
        Assert.That(new[] { left.StatusCode, back.StatusCode, again.StatusCode }, Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That(await StateAsync(), Is.EqualTo(SubscriptionState.Active));
        Assert.That(await home.Subscribers.HistoryAsync(reader, CancellationToken.None), Has.Count.EqualTo(3));
    }

    [Test]
    public async Task An_undo_takes_back_no_complaint()
    {
        (await home.Client.PostAsync(link, Act("leave"))).Dispose();
        await home.Subscribers.ChangeAsync(reader, new(SubscriptionState.Complained, "spam", Actor.Server, home.Time.GetUtcNow()), CancellationToken.None);

        using var answer = await home.Client.PostAsync(link, Act("resume"));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(await StateAsync(), Is.EqualTo(SubscriptionState.Complained));
    }

    [TestCase(Actor.Editor, 0)]
    [TestCase(Actor.Reader, 25)]
    public async Task An_undo_takes_back_only_the_readers_own_unsubscribe_of_the_last_day(Actor actor, int hours)
    {
        await home.Subscribers.ChangeAsync(reader, new(SubscriptionState.Unsubscribed, "left", actor, home.Time.GetUtcNow()), CancellationToken.None);
        home.Time.Advance(TimeSpan.FromHours(hours));

        using var answer = await home.Client.PostAsync(link, Act("resume"));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(await StateAsync(), Is.EqualTo(SubscriptionState.Unsubscribed));
    }

    [Test]
    public async Task Somebody_who_never_confirmed_is_not_made_active_by_an_undo()
    {
        var pending = await home.SubscribeAsync("new@example.net", SubscriptionState.Pending);
        var way = home.Link(edition, pending);
        (await home.Client.PostAsync(way, Act("leave"))).Dispose();

        using var answer = await home.Client.PostAsync(way, Act("resume"));

        Assert.That((await home.Subscribers.FindAsync(pending, CancellationToken.None))!.State, Is.EqualTo(SubscriptionState.Unsubscribed));
    }

    [TestCase("GET")]
    [TestCase("HEAD")]
    [TestCase("POST")]
    public async Task A_token_that_is_not_ours_is_nowhere_and_tells_nothing(string method)
    {
        var before = await home.DumpAsync();
        var altered = link[..^1] + (link[^1] == 'a' ? 'b' : 'a');
        var otherPurpose = "/u/" + home.Ours.ReturnPath(new(edition, reader))[2..].Split('@')[0];

        foreach (var path in new[] { altered, otherPurpose, "/u/x", "/u/%01", "/u/" + new string('a', 2000), "/u/zoe@example.net" })
        {
            using var request = OneClick(path, "urlencoded");
            request.Method = new(method);
            if (method is not "POST")
                request.Content = null;
            using var answer = await home.Client.SendAsync(request);

            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), path);
            Assert.That(await answer.Content.ReadAsStringAsync(), Does.Not.Contain("token").And.Not.Contain("zoe@"), path);
            Assert.That(answer.Headers.Contains("Set-Cookie"), Is.False, path);
        }
        Assert.That(await home.DumpAsync(), Is.EqualTo(before));
    }

    [Test]
    public async Task A_subscriber_who_is_gone_gets_the_same_answer()
    {
        using var answer = await home.Client.SendAsync(OneClick(home.Link(edition, new(4711)), "multipart"));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task A_body_beyond_sixteen_kilobytes_is_not_read()
    {
        var before = await home.DumpAsync();
        using var body = new StringContent("List-Unsubscribe=One-Click&x=" + new string('x', 20_000), null, "application/x-www-form-urlencoded");

        using var answer = await home.Client.PostAsync(link, body);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        Assert.That(await home.DumpAsync(), Is.EqualTo(before));
    }

    [TestCase("multipart/form-data")]
    [TestCase("multipart/form-data; boundary=none")]
    public async Task A_body_that_cannot_be_read_is_refused_without_a_trace(string type)
    {
        using var body = new StringContent("--other\r\n\r\n");
        body.Headers.Remove("Content-Type");
        body.Headers.TryAddWithoutValidation("Content-Type", type);

        using var answer = await home.Client.PostAsync(link, body);

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await answer.Content.ReadAsStringAsync(), Does.Not.Contain("Exception"));
        Assert.That(await StateAsync(), Is.EqualTo(SubscriptionState.Active));
    }

    [Test]
    public async Task What_the_user_agent_says_is_kept_short_and_on_one_line()
    {
        using var request = OneClick(link, "urlencoded");
        request.Headers.TryAddWithoutValidation("User-Agent", "<b>bold</b>\t" + new string('x', 3000));

        (await home.Client.SendAsync(request)).Dispose();

        var evidence = (await home.Subscribers.HistoryAsync(reader, CancellationToken.None))[^1].Change.Evidence;
        Assert.That(evidence, Has.Length.EqualTo(400).And.StartsWith("127.0.0.1 <b>bold</b> x"));
    }

    [Test]
    public async Task Whatever_bytes_come_as_a_body_are_answered_and_never_a_fault_of_ours() =>
        await Gen.Select(Gen.Byte.Array[0, 600], Gen.Int[0, FormTypes.Length - 1].Select(i => FormTypes[i]))
            .SampleAsync(async (bytes, type) =>
            {
                using var body = new ByteArrayContent([.. "--b\r\n"u8, .. bytes]);
                body.Headers.TryAddWithoutValidation("Content-Type", type);
                using var answer = await home.Client.PostAsync(link, body);
                return answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.Conflict;
            }, iter: 200, threads: 1);

    [TestCase("PUT")]
    [TestCase("DELETE")]
    [TestCase("OPTIONS")]
    public async Task No_other_method_does_anything(string method)
    {
        using var answer = await home.Client.SendAsync(new(new(method), link));

        Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That(await StateAsync(), Is.EqualTo(SubscriptionState.Active));
    }

    private async Task<SubscriptionState> StateAsync() => (await home.Subscribers.FindAsync(reader, CancellationToken.None))!.State;

    private static string Header(HttpResponseMessage answer, string name) => string.Join(", ", answer.Headers.GetValues(name));

    private static FormUrlEncodedContent Act(string act) => new([new("act", act)]);

    private static HttpRequestMessage OneClick(string path, string encoding) => new(HttpMethod.Post, path)
    {
        Content = encoding is "multipart"
            ? new MultipartFormDataContent { { new StringContent("One-Click"), "List-Unsubscribe" } }
            : new FormUrlEncodedContent([new("List-Unsubscribe", "One-Click")]),
    };
}
