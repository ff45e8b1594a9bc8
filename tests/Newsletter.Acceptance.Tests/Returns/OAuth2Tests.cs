using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Web;
using Newsletter.Acceptance.Tests.Servers;
using Newsletter.Subscribers;

namespace Newsletter.Acceptance.Tests.Returns;

/// <summary>A real Dovecot that takes tokens alone, and a provider on loopback that gives a new refresh token each time.</summary>
public sealed class OAuth2Tests
{
    [TestCase("oauthbearer xoauth2")]
    [TestCase("xoauth2")]
    public async Task A_mailbox_is_opened_by_tokens_whose_refresh_token_is_new_each_time(string mechanisms)
    {
        await using var provider = new TokenProvider();
        await using var dovecot = await ReturnsServer.StartAsync(new() { Introspection = provider.Introspection, Mechanisms = mechanisms });
        await using var house = await ReturnsHouse.WithAsync(Mailbox(dovecot, provider, "rt-0"));
        var (ann, bob) = (await house.AddAsync("ann@readers.test"), await house.AddAsync("bob@readers.test"));
        await DeliverAsync(dovecot, house.Ours.UnsubscribeMail(ann));

        var first = await house.Program.RunAsync("receive");
        await DeliverAsync(dovecot, house.Ours.UnsubscribeMail(bob));
        var second = await house.Program.RunAsync("receive");

        Assert.That((first.Code, second.Code), Is.EqualTo((0, 0)), first.Errors + second.Errors + string.Join('\n', dovecot.Log));
        Assert.That(await house.StateOfAsync(bob), Is.EqualTo(SubscriptionState.Unsubscribed));
        Assert.That(provider.Asked.Select(form => form["refresh_token"]), Is.EqualTo(new[] { "rt-0", "rt-1" }), "the second run knows the token that the first was given");
        Assert.That(provider.Asked.Select(form => (form["client_id"], form["client_secret"], form["grant_type"])), Has.All.EqualTo(("app", "app-secret", "refresh_token")));
        Assert.That(await house.CountAsync("select count(*) from mailbox_tokens where sealed like '%rt-%'"), Is.Zero, "no token stands in the store as it is");
    }

    [Test]
    public async Task A_refresh_token_that_holds_no_more_is_said_with_its_remedy_and_without_a_secret()
    {
        await using var provider = new TokenProvider();
        await using var dovecot = await ReturnsServer.StartAsync(new() { Introspection = provider.Introspection, Mechanisms = "xoauth2" });
        await using var house = await ReturnsHouse.WithAsync(Mailbox(dovecot, provider, "rt-revoked"));

        var run = await house.Program.RunAsync("receive");

        Assert.That(run.Code, Is.EqualTo(3));
        Assert.That(run.Errors, Does.Contain("OAuth2:RefreshToken").And.Not.Contain("rt-revoked").And.Not.Contain("app-secret"));
        Assert.That(run.ErrorLines, Has.Length.EqualTo(1));
    }

    private static object Mailbox(Dovecot dovecot, TokenProvider provider, string token) => new
    {
        Kind = "Imap", Host = "127.0.0.1", Port = dovecot.ImapPort, ReturnsServer.User, Security = "None",
        OAuth2 = new { ClientId = "app", ClientSecret = "app-secret", RefreshToken = token, TokenEndpoint = provider.Endpoint },
    };

    private static Task DeliverAsync(Dovecot dovecot, string to) => dovecot.DeliverAsync("ann@readers.test", to, "From: ann@readers.test\nSubject: unsubscribe\n\n\n");

    /// <summary>Gives access tokens for the refresh token that is the newest, and tells Dovecot whose an access token is.</summary>
    private sealed class TokenProvider : IAsyncDisposable
    {
        private readonly HttpListener listener = new();
        private readonly string address = $"http://127.0.0.1:{Machine.FreePort()}";
        private readonly Task answering;
        private int given;

        public TokenProvider()
        {
            listener.Prefixes.Add($"{address}/");
            listener.Start();
            answering = AnswerAsync();
        }

        public string Endpoint => $"{address}/token";

        public string Introspection => $"{address}/introspect";

        public ConcurrentQueue<Dictionary<string, string>> Asked { get; } = new();

        public async ValueTask DisposeAsync()
        {
            listener.Stop();
            await answering;
            listener.Close();
        }

        private async Task AnswerAsync()
        {
            while (listener.IsListening)
            {
                HttpListenerContext context;
                try { context = await listener.GetContextAsync(); }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException) { return; }
                using var reader = new StreamReader(context.Request.InputStream);
                var form = HttpUtility.ParseQueryString(await reader.ReadToEndAsync());
                var fields = form.AllKeys.ToDictionary(key => key!, key => form[key]!);
                var (code, json) = context.Request.Url!.AbsolutePath == "/token" ? Token(fields) : (200, WhoseIs(fields.GetValueOrDefault("token", "")));
                context.Response.StatusCode = code;
                context.Response.ContentType = "application/json";
                context.Response.Close(Encoding.UTF8.GetBytes(json), willBlock: true);
            }
        }

        private (int Code, string Json) Token(Dictionary<string, string> fields)
        {
            Asked.Enqueue(fields);
            if (fields["refresh_token"] != string.Create(CultureInfo.InvariantCulture, $"rt-{given}"))
                return (400, """{"error":"invalid_grant","error_description":"revoked"}""");
            given++;
            return (200, string.Create(CultureInfo.InvariantCulture, $$"""{"access_token":"at-{{given}}","token_type":"Bearer","expires_in":3600,"refresh_token":"rt-{{given}}"}"""));
        }

        private string WhoseIs(string token) => token == string.Create(CultureInfo.InvariantCulture, $"at-{given}")
            ? $$"""{"active":true,"username":"{{ReturnsServer.User}}"}"""
            : """{"active":false}""";
    }
}
