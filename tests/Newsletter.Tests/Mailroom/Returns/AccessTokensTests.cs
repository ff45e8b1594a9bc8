using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Mailroom;
using Newsletter.Storage;

namespace Newsletter.Tests.Mailroom.Returns;

/// <summary>Tokens for a mailbox, from a provider that is only memory.</summary>
public sealed class AccessTokensTests : DatabaseTests<SqliteHome>
{
    private const string Mailbox = "imap://returns@mail.example:993/INBOX";
    private static readonly CancellationToken Stop = CancellationToken.None;
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2026, 11, 2, 7, 0, 0, TimeSpan.Zero));
    private readonly Provider provider = new();

    private KeptTokens Kept => new(new MailboxStore(Database), Some.KeyRing());

    [TearDown]
    public void End_the_provider() => provider.Dispose();

    [Test]
    public async Task A_token_is_kept_until_shortly_before_it_ends()
    {
        using var tokens = Tokens("rt");
        provider.Answer = """{"access_token":"at","expires_in":3600}""";

        var first = await tokens.GetAsync(Stop);
        clock.Advance(TimeSpan.FromMinutes(57));
        await tokens.GetAsync(Stop);
        var before = provider.Asked.Count;
        clock.Advance(TimeSpan.FromMinutes(2));
        await tokens.GetAsync(Stop);

        Assert.That((first, before, provider.Asked.Count), Is.EqualTo(("at", 1, 2)));
    }

    [Test]
    public async Task A_token_that_the_server_refused_is_not_taken_again()
    {
        using var tokens = Tokens("rt");
        provider.Answer = """{"access_token":"at","expires_in":3600}""";

        tokens.Drop(await tokens.GetAsync(Stop));
        await tokens.GetAsync(Stop);

        Assert.That(provider.Asked, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Another_token_in_the_configuration_ends_the_one_that_the_provider_gave()
    {
        await Kept.KeepAsync(Mailbox, "old", "rotated", clock.GetUtcNow());

        Assert.That((await Kept.FindAsync(Mailbox, "old", Stop), await Kept.FindAsync(Mailbox, "new", Stop)), Is.EqualTo(("rotated", "new")));
    }

    [Test]
    public async Task A_token_of_another_mailbox_or_key_is_not_opened()
    {
        await Kept.KeepAsync(Mailbox, "old", "rotated", clock.GetUtcNow());
        var others = new KeptTokens(new MailboxStore(Database), new(1, new Dictionary<byte, byte[]> { [1] = new byte[32] }));

        Assert.That((await others.FindAsync(Mailbox, "old", Stop), await Kept.FindAsync("imap://other", "old", Stop)), Is.EqualTo(("old", "old")));
    }

    [Test]
    public async Task What_another_worker_was_given_meanwhile_is_taken_where_ours_has_ended()
    {
        using var tokens = Tokens("rt");
        provider.Respond = form =>
        {
            if (form.Contains("refresh_token=newer", StringComparison.Ordinal))
                return (200, """{"access_token":"at","expires_in":3600}""");
            Kept.KeepAsync(Mailbox, "rt", "newer", clock.GetUtcNow()).GetAwaiter().GetResult(); // it was first
            return (400, """{"error":"invalid_grant"}""");
        };

        Assert.That(await tokens.GetAsync(Stop), Is.EqualTo("at"));
    }

    [Test]
    public async Task Without_a_refresh_token_the_application_asks_in_its_own_right()
    {
        using var tokens = Tokens("");
        provider.Answer = """{"access_token":"at","expires_in":3600}""";

        await tokens.GetAsync(Stop);

        Assert.That(provider.Asked.Single(), Does.Contain("grant_type=client_credentials").And.Contain("scope=https%3A%2F%2Foutlook.office365.com%2F.default"));
    }

    [TestCase(400, """{"error":"invalid_grant","error_description":"rt"}""", "agree again")]
    [TestCase(401, """{"error":"invalid_client"}""", "OAuth2:ClientSecret")]
    [TestCase(500, "<html>", "status 500 and no JSON")]
    [TestCase(200, """{"access_token":42}""", "status 200")]
    [TestCase(200, "[]", "no JSON")]
    [TestCase(400, """{"error":"<script>\u0000evil"}""", "scriptevil")]
    public async Task A_provider_that_gives_none_is_said_in_one_line_without_a_secret(int code, string answer, string words)
    {
        using var tokens = Tokens("the-refresh-token");
        provider.Respond = _ => (code, answer);

        var trouble = await Assert.ThrowsAsync<MailboxException>(() => tokens.GetAsync(Stop));

        Assert.That(trouble!.Message, Does.Contain(words).And.Not.Contain("the-refresh-token").And.Not.Contain("the-secret").And.Not.Contain("\n"));
    }

    private AccessTokens Tokens(string refresh) => new(
        new() { Provider = OAuth2Provider.Microsoft, ClientId = "app", ClientSecret = "the-secret", RefreshToken = refresh }, Mailbox, Kept, new(provider), clock);

    private sealed class Provider : HttpMessageHandler
    {
        public List<string> Asked { get; } = [];

        public string Answer { set => Respond = _ => (200, value); }

        public Func<string, (int Code, string Json)> Respond { get; set; } = _ => (500, "");

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var form = await request.Content!.ReadAsStringAsync(cancellationToken);
            Asked.Add(form);
            var (code, json) = Respond(form);
            return new((HttpStatusCode)code) { Content = new StringContent(json, Encoding.UTF8) };
        }
    }
}
