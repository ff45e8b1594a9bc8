using Newsletter.Composing;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Tests.Storage.Sending;

[TestFixture(typeof(SqliteHome))]
[TestFixture(typeof(PostgresHome))]
public sealed class ImageStoreTests<THome> : DatabaseTests<THome>
    where THome : IDatabaseHome, new()
{
    private static readonly CancellationToken Stop = CancellationToken.None;
    private static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly IssueImage Hedge = IssueImage.Of(ImageFiles.Png(640, 480), "image/png", isEmbedded: false);
    private static readonly IssueImage Bee = IssueImage.Of(ImageFiles.Gif(32, 16), "image/gif", isEmbedded: true);

    private EditionStore Editions => field ??= new(Database);

    private ImageStore Images => field ??= new(Database);

    [Test]
    public async Task The_images_of_an_issue_are_kept_with_it()
    {
        await AddAsync("first", Hedge, Bee);

        var kept = await Images.FindAsync(Hedge.Hash, Stop);

        Assert.That((kept!.MediaType, kept.Content), Is.EqualTo(("image/png", Hedge.Content.ToArray())));
        Assert.That(await Images.FindAsync("0000", Stop), Is.Null);
    }

    [Test]
    public async Task One_image_of_two_issues_is_kept_once()
    {
        await AddAsync("first", Hedge);
        await AddAsync("second", Hedge);

        Assert.That((await Images.FindAsync(Hedge.Hash, Stop))!.Content, Is.EqualTo(Hedge.Content.ToArray()));
    }

    [Test]
    public async Task A_frozen_issue_has_the_content_of_those_that_its_letters_carry()
    {
        var edition = await AddAsync("first", Hedge, Bee);

        var issue = await Editions.RenderedAsync(edition.Id, Stop);

        Assert.That(issue.Images.Select(image => image.Content.ToArray()), Is.EqualTo(new[] { Array.Empty<byte>(), Bee.Content.ToArray() }));
    }

    [Test]
    public void An_image_without_its_content_is_not_kept_and_neither_is_the_edition()
    {
        Assert.That(() => AddAsync("first", Hedge with { Content = default }), Throws.InvalidOperationException);

        Assert.That(() => Editions.ListAsync(10, Stop), Is.Empty);
    }

    [Test]
    public async Task An_issue_that_has_an_edition_already_adds_nothing()
    {
        await AddAsync("first");
        await AddAsync("first", Hedge);

        Assert.That(await Images.FindAsync(Hedge.Hash, Stop), Is.Null);
    }

    private async Task<Edition> AddAsync(string slug, params IssueImage[] images) =>
        (await Editions.AddAsync(Some.RenderedIssue(slug) with { Images = images }, "", Noon, Noon, Stop)).Edition;
}
