using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Tests.Storage.Sending;

/// <summary>What the archive shows.</summary>
[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class PublishedTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private EditionStore Store => field ??= new(Database);

    [Test]
    public async Task Only_what_has_begun_to_go_out_is_listed_the_newest_first()
    {
        await StartAsync("older", Noon);
        await AddAsync("tomorrow");
        await StartAsync("newer", Noon.AddDays(7));

        Assert.That((await Store.ListPublishedAsync(null, 10, Stop)).Select(edition => edition.Slug), Is.EqualTo(new[] { "newer", "older" }));
    }

    [Test]
    public async Task The_date_of_an_issue_is_its_own()
    {
        var (dated, _) = await Store.AddAsync(Some.RenderedIssue("dated") with { Date = new DateOnly(2026, 5, 2) }, "", Noon, Noon, Stop);
        var (other, _) = await Store.AddAsync(Some.RenderedIssue("other"), "", Noon, Noon, Stop);

        Assert.That(await Store.DatesAsync([dated.Id, other.Id], Stop), Is.EqualTo(new Dictionary<EditionId, DateOnly> { [dated.Id] = new(2026, 5, 2) }));
        Assert.That(await Store.DatesAsync([], Stop), Is.Empty);
    }

    [Test]
    public async Task An_issue_that_went_out_twice_is_listed_once()
    {
        var first = await StartAsync("spring", Noon);
        await Store.StepAsync(first.Id, EditionState.Cancelled, "wrong link", Noon, Stop);
        await StartAsync("spring", Noon.AddHours(1));

        Assert.That(await Store.ListPublishedAsync(null, 10, Stop), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Page_by_page_nothing_is_lost_or_shown_twice_though_all_began_at_one_moment()
    {
        for (var issue = 0; issue < 5; issue++)
            await StartAsync($"issue-{issue}", Noon);

        var first = await Store.ListPublishedAsync(null, 3, Stop);
        var second = await Store.ListPublishedAsync((first[^1].StartedAt!.Value, first[^1].Id), 3, Stop);

        Assert.That(first.Concat(second).Select(edition => edition.Slug), Is.EqualTo(new[] { "issue-4", "issue-3", "issue-2", "issue-1", "issue-0" }));
    }

    private async Task<Edition> StartAsync(string slug, DateTimeOffset at)
    {
        var edition = await AddAsync(slug);
        await Store.FreezeAsync(edition.Id, at, Stop);
        return edition;
    }

    private async Task<Edition> AddAsync(string slug) => (await Store.AddAsync(
        new RenderedIssue { Slug = slug, Subject = Template.Of("s"), Html = Template.Of("h"), Text = Template.Of("t"), WebHtml = "w", WebUrl = "u", Lang = "en" },
        "", Noon, Noon, Stop)).Edition;
}
