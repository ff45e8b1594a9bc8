using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Mailroom;
using Newsletter.Storage;
using Newsletter.Subscribers;
using Newsletter.Web;

namespace Newsletter.Tests.Web;

/// <summary>The site that <c>serve</c> runs, on a real port of this machine and a real SQLite file.</summary>
internal sealed class SiteHome : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private readonly TemporaryFolder folder = new();
    private WebApplication? site;

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));

    /// <summary>Without cookies and without following redirects: as a mail program or a scanner asks.</summary>
    public HttpClient Client { get; } = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    public PublicationFolder Folder => new(folder.Path);

    public IServiceProvider Services => site!.Services;

    public SubscriberStore Subscribers => Services.GetRequiredService<SubscriberStore>();

    public OurAddresses Ours => Services.GetRequiredService<OurAddresses>();

    public static Task<SiteHome> OpenAsync(Role role = Role.Web, params string[] settings) => OpenAsync(_ => { }, role, settings);

    /// <param name="replace">Puts something else in the place of a service.</param>
    /// <param name="role">As of <c>serve</c>.</param>
    /// <param name="settings"><c>Key=Value</c>.</param>
    public static async Task<SiteHome> OpenAsync(Action<IServiceCollection> replace, Role role, params string[] settings)
    {
        var home = new SiteHome();
        try
        {
            await home.StartAsync(replace, role, settings);
            return home;
        }
        catch
        {
            await home.DisposeAsync();
            throw;
        }
    }

    public async Task<SubscriberId> SubscribeAsync(string address, SubscriptionState state = SubscriptionState.Active) =>
        ((Addition.Added)await Subscribers.AddAsync(
            new(EmailAddress.Read(address)!) { Name = "Zoë Quill" }, new(state, "test", Actor.Import, Time.GetUtcNow()), CancellationToken.None)).Id;

    /// <summary>An edition that has begun to go out, unless <paramref name="started"/> is false.</summary>
    public async Task<EditionId> PublishAsync(string slug, string title = "A title", string page = "<!doctype html><title>page</title>", bool started = true, string body = "<p>body</p>", DateOnly? date = null)
    {
        var editions = Services.GetRequiredService<EditionStore>();
        var issue = new RenderedIssue
        {
            Slug = slug, Title = title, Subject = Template.Of("s"), Html = Template.Of("h"), Text = Template.Of("t"), Lang = "en", Date = date,
            WebHtml = page, WebBody = body, WebUrl = $"https://news.example.org/issues/{slug}",
        };
        var (edition, _) = await editions.AddAsync(issue, "", Time.GetUtcNow(), Time.GetUtcNow(), CancellationToken.None);
        if (started)
            await editions.FreezeAsync(edition.Id, Time.GetUtcNow(), CancellationToken.None);
        return edition.Id;
    }

    /// <summary>The path of a letter's unsubscribe link.</summary>
    public string Link(EditionId edition, SubscriberId subscriber) => new Uri(Ours.UnsubscribeUrl(new(edition, subscriber))).AbsolutePath;

    /// <summary>What the audit log says: who, what, to whom.</summary>
    public async Task<IReadOnlyList<string>> ActsAsync() =>
        await Services.GetRequiredService<AuditLog>().ListAsync("", null, CancellationToken.None).Select(line => $"{line.Line.Actor}: {line.Line.Act} {line.Line.Subject}").ToListAsync();

    /// <summary>Every row of every table, as text.</summary>
    public async Task<string> DumpAsync()
    {
        var text = new StringBuilder();
        await using var connection = new SqliteConnection($"Data Source={Folder.Database};Pooling=false");
        await connection.OpenAsync();
        var tables = new List<string>();
        await foreach (var row in RowsAsync(connection, "select name from sqlite_master where type = 'table' order by name"))
            tables.Add(row);
        foreach (var table in tables)
            await foreach (var row in RowsAsync(connection, $"select * from {table}"))
                text.Append(CultureInfo.InvariantCulture, $"{table}: {row}\n");
        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (site is not null)
        {
            await site.StopAsync(); // what runs beside the pages may write into the folder until it ends
            await site.DisposeAsync();
        }
        folder.Dispose();
    }

    private async Task StartAsync(Action<IServiceCollection> replace, Role role, string[] settings)
    {
        var builder = Site.Prepare(Settings.Load(Folder, null,
        [
            "Publication:Name=Field Notes & Co", "Publication:FromAddress=editor@example.org", "Publication:PostalAddress=1 Mill Lane", "Publication:BaseUrl=https://news.example.org",
            "Logging:LogLevel:Default=None", "Logging:LogLevel:Microsoft=None", $"Web:AdminPassword={Password}", "SignUp:CheckDomains=false", .. settings,
        ]), Folder, role);
        builder.Services.AddSingleton<TimeProvider>(Time);
        replace(builder.Services);
        site = Site.Open(builder);
        site.Urls.Add("http://127.0.0.1:0");
        await Services.GetRequiredService<Database>().MigrateAsync(CancellationToken.None);
        await site.StartAsync();
        Client.BaseAddress = new(site.Urls.First());
    }

    private static async IAsyncEnumerable<string> RowsAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            yield return string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture)));
    }
}
