using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Hangfire;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Mailroom;
using Newsletter.Web;

namespace Newsletter.Tests.Web;

public sealed class SiteTests
{
    [Test]
    public async Task The_process_says_that_it_lives_and_whether_it_can_work()
    {
        await using var home = await SiteHome.OpenAsync(Role.Web);

        using var live = await home.Client.GetAsync("/health");
        using var ready = await home.Client.GetAsync("/health/ready");

        Assert.That(await live.Content.ReadAsStringAsync(), Is.EqualTo("""{"status":"live"}"""));
        Assert.That(ready.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        using var words = JsonDocument.Parse(await ready.Content.ReadAsStringAsync());
        Assert.That(words.RootElement.EnumerateObject().Select(pair => $"{pair.Name}={pair.Value}"),
            Is.EqualTo(new[] { "status=ready", "role=web", "database=reachable", "schema=up to date", "worker=not running", "mailboxes=not read yet" }));
    }

    [Test]
    public async Task With_a_worker_in_it_the_process_is_ready_for_all()
    {
        await using var home = await SiteHome.OpenAsync(Role.All);

        var servers = home.Services.GetRequiredService<JobStorage>().GetMonitoringApi();
        Assert.That(() => servers.Servers(), Has.Count.EqualTo(1).After(60).Seconds.PollEvery(20));
        using var ready = await home.Client.GetAsync("/health/ready");

        Assert.That(await ready.Content.ReadAsStringAsync(), Does.Contain("\"worker\":\"running\"").And.Contain("\"status\":\"ready\""));
    }

    [Test]
    public async Task On_PostgreSQL_pages_in_one_process_know_of_the_worker_in_another()
    {
        await using var database = new PostgresHome();
        await database.BuildAsync();
        string[] settings = ["Database:Provider=Postgres", $"Database:ConnectionString={database.ConnectionString}"];
        await using var pages = await SiteHome.OpenAsync(Role.Web, settings);
        await using var worker = await SiteHome.OpenAsync(Role.Worker, settings);

        Assert.That(async () => await pages.Client.GetStringAsync("/health/ready"), Does.Contain("\"worker\":\"running\"").After(60).Seconds.PollEvery(50));
    }

    [Test]
    public async Task A_database_without_its_tables_is_not_ready_and_pages_say_so_without_a_trace()
    {
        await using var home = await SiteHome.OpenAsync(Role.Web);
        await using (var connection = new SqliteConnection($"Data Source={home.Folder.Database};Pooling=false"))
        {
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "drop table migrations; drop table replies; alter table editions rename to gone;";
            await command.ExecuteNonQueryAsync();
        }

        using var ready = await home.Client.GetAsync("/health/ready");
        using var page = await home.Client.GetAsync("/archive");

        Assert.That(ready.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(page.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(await ready.Content.ReadAsStringAsync() + await page.Content.ReadAsStringAsync(), Does.Not.Contain("editions").And.Not.Contain("Exception").And.Not.Contain(home.Folder.Root));
    }

    [Test]
    public async Task A_worker_shows_nothing_but_its_health()
    {
        await using var home = await SiteHome.OpenAsync(Role.Worker);

        using var live = await home.Client.GetAsync("/health");
        using var archive = await home.Client.GetAsync("/archive");
        using var jobs = await home.Client.GetAsync("/jobs");

        Assert.That(live.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(new[] { archive.StatusCode, jobs.StatusCode }, Is.All.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Only_a_trusted_proxy_says_where_a_reader_comes_from()
    {
        await using var trusting = await SiteHome.OpenAsync(Role.Web, "Web:TrustedProxies:0=127.0.0.0/8");
        await using var alone = await SiteHome.OpenAsync();

        Assert.That(await EvidenceAsync(trusting), Is.EqualTo("203.0.113.9 test"));
        Assert.That(await EvidenceAsync(alone), Is.EqualTo("127.0.0.1 test"));

        static async Task<string> EvidenceAsync(SiteHome home)
        {
            var reader = await home.SubscribeAsync("zoe@example.net");
            using var request = new HttpRequestMessage(HttpMethod.Post, home.Link(await home.PublishAsync("spring"), reader));
            request.Headers.Add("X-Forwarded-For", "203.0.113.9");
            request.Headers.Add("User-Agent", "test");
            (await home.Client.SendAsync(request)).Dispose();
            return (await home.Subscribers.HistoryAsync(reader, CancellationToken.None))[^1].Change.Evidence;
        }
    }

    [TestCase("Web:Urls=nonsense", "Web:Urls")]
    [TestCase("Web:Urls=ftp://localhost", "Web:Urls")]
    [TestCase("Web:AdminPassword=short", "at least 12 characters")]
    [TestCase("Web:TrustedProxies:0=my-proxy", "Web:TrustedProxies")]
    public void A_wrong_setting_is_named_with_its_remedy(string setting, string words) =>
        Assert.That(async () => await SiteHome.OpenAsync(Role.Web, setting), Throws.TypeOf<SettingException>().With.Message.Contains(words));

    [Test]
    public void What_is_sealed_for_one_purpose_is_refused_by_another_and_when_altered()
    {
        var data = new SealedData(Some.KeyRing());
        var words = "some words"u8.ToArray();
        var one = data.CreateProtector("one").Protect(words);
        var altered = one.ToArray();
        altered[^1] ^= 1;

        Assert.That(new SealedData(Some.KeyRing()).CreateProtector("one").Unprotect(one), Is.EqualTo(words));
        Assert.That(() => data.CreateProtector("two").Unprotect(one), Throws.InstanceOf<CryptographicException>());
        Assert.That(() => data.CreateProtector("one").Unprotect(altered), Throws.InstanceOf<CryptographicException>());
        Assert.That(() => data.CreateProtector("one").Unprotect([1, 2, 3]), Throws.InstanceOf<CryptographicException>());
    }
}
