using System.Net;
using Newsletter.Acceptance.Tests.BadInput;

namespace Newsletter.Acceptance.Tests.Returns;

/// <summary>Providers, and a script as docs/notifications.md has it, at a running <c>newsletter serve</c>.</summary>
public sealed class NotificationsTests : IDisposable
{
    private readonly APublication publication = new();

    public void Dispose() => publication.Dispose();

    [Test]
    public async Task Each_provider_that_proves_itself_suspends_its_reader_and_a_forged_request_nobody()
    {
        var voices = Voices.All();
        await publication.AddReadersAsync(voices.Count + 1);
        var port = Machine.FreePort();
        await using var serve = await Serve.StartAsync(publication.Path, port, [.. voices.SelectMany((voice, at) => voice.Settings(at)).SelectMany(each => (string[])["--set", each])]);
        Letters(voices.Count + 1);
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };

        foreach (var (at, voice) in voices.Index())
        {
            var own = await PostAsync(client, voice.Post(voice.Bounce($"reader{at + 1}@example.com"), DateTimeOffset.UtcNow));
            var forged = await PostAsync(client, Voices.All()[at].Post(voice.Bounce($"reader{voices.Count + 1}@example.com"), DateTimeOffset.UtcNow));
            Assert.That((own, forged), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Forbidden)), voice.Kind);
        }

        Assert.That(() => publication.Count("subscribers where state = 'suspended'"), Is.EqualTo(voices.Count).After(120).Seconds.PollEvery(50));
        Assert.That(publication.Count($"subscribers where state = 'active' and address = 'reader{voices.Count + 1}@example.com'"), Is.EqualTo(1));
        Assert.That(publication.Count("returned_mails"), Is.EqualTo(voices.Count));
    }

    [Test]
    public async Task What_was_answered_with_yes_is_done_once_though_the_process_is_killed_right_after()
    {
        const int readers = 300;
        var script = new ScriptVoice();
        await publication.AddReadersAsync(readers);
        var port = Machine.FreePort();
        await using var serve = await Serve.StartAsync(publication.Path, port, [.. script.Settings(0).SelectMany(each => (string[])["--set", each])]);
        Letters(readers);
        var request = script.Post($"[{string.Join(',', Enumerable.Range(1, readers).Select(i => $$"""{"event":"complaint","recipient":"reader{{i}}@example.com"}"""))}]", DateTimeOffset.UtcNow);
        using var client = new HttpClient { BaseAddress = new($"http://127.0.0.1:{port}") };

        var answer = await PostAsync(client, request);
        await serve.KillAsync();
        var stored = publication.Count("returned_mails");
        var next = await publication.Newsletter.RunAsync("receive");

        Assert.That((answer, stored, next.Code), Is.EqualTo((HttpStatusCode.OK, (long)readers, 0)), next.Errors);
        Assert.That(publication.Count("subscribers where state = 'complained'"), Is.EqualTo(readers));
        Assert.That(publication.Count("subscriptions_log where state = 'complained'"), Is.EqualTo(readers));
    }

    [Test]
    public async Task The_example_of_the_documentation_runs_as_it_stands()
    {
        foreach (var program in (string[])["curl", "openssl"])
            if (Machine.Find(program) is null)
                Assert.Ignore($"the example needs {program}");
        var script = Example();
        var secret = script.Split('\n').Single(line => line.StartsWith("SECRET=", StringComparison.Ordinal))["SECRET=".Length..];
        await publication.AddReadersAsync(1);
        var port = Machine.FreePort();
        await using var serve = await Serve.StartAsync(publication.Path, port, "--set", "Returns:Notifications:0:Kind=Generic", "--set", "Returns:Notifications:0:Name=mta", "--set", $"Returns:Notifications:0:Keys:0={secret}");

        var run = await publication.Newsletter.RunAsync("sh", ["-c", script.Replace("127.0.0.1:5080", $"127.0.0.1:{port}", StringComparison.Ordinal)], "");

        Assert.That(run.Output, Is.EqualTo("Taken.\n200\n"), run.Errors);
        Assert.That(publication.Count("returned_mails where form = 'generic' and trust = 'signature'"), Is.EqualTo(1));
    }

    private static string Example() => File.ReadAllText(Path.Combine(Source.Root, "docs", "notifications.md")).Split("```sh\n")[1].Split("```")[0];

    private static async Task<HttpStatusCode> PostAsync(HttpClient client, HttpRequestMessage request)
    {
        using (request)
        using (var answer = await client.SendAsync(request))
            return answer.StatusCode;
    }

    /// <summary>A letter that left an hour ago, to every reader.</summary>
    private void Letters(int readers) => publication.Run($"""
        insert into editions (id, issue_slug, title, content_hash, rendered, state, state_at, due_at, created_at) values (1, 'lapwings', 'Lapwings', '', '', 'complete', 0, 0, 0);
        insert into deliveries (edition_id, subscriber_id, state, state_at, due_at) select 1, id, 'sent', {DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeMilliseconds()}, 0 from subscribers limit {readers};
        """);
}
