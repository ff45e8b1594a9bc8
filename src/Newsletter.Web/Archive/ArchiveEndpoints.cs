using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Newsletter.Addresses;
using Newsletter.Composing;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Web;

/// <summary>What was sent, for everybody: the list, and each issue as it was frozen, without a reader in it.</summary>
internal static class ArchiveEndpoints
{
    private const int PageSize = 100;

    /// <summary>Issues in the feed: whole ones, so not all of them.</summary>
    private const int InFeed = 20;

    public static void MapArchive(this IEndpointRouteBuilder pages)
    {
        // An issue's page leads to the publication's address itself; until there is a page of its own the archive stands there.
        pages.MapMethods("/", Verbs.Read, ListAsync);
        pages.MapMethods("/archive", Verbs.Read, ListAsync);
        pages.MapMethods("/issues/{slug}", Verbs.Read, ShowAsync);
        pages.MapMethods("/feed.xml", Verbs.Read, FeedAsync);
        pages.MapMethods("/archive/{slug}", Verbs.Read, (string slug, SitePaths paths) => TypedResults.Redirect(paths.Issue(slug), permanent: true));
    }

    private static async Task ListAsync(HttpContext context, EditionStore editions, ReaderLanguage language, PageWriter pages, string? before)
    {
        if (before is not null && ReadPlace(before) is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var issues = await editions.ListPublishedAsync(ReadPlace(before), PageSize + 1, context.RequestAborted);
        Publish(context.Response);
        context.Response.Headers.Vary = "Accept-Language";
        await pages.WriteAsync<ArchivePage>(context, StatusCodes.Status200OK, language.Of(context.Request), new()
        {
            [nameof(ArchivePage.Issues)] = issues.Take(PageSize).ToList(),
            [nameof(ArchivePage.Dates)] = await editions.DatesAsync(issues.Take(PageSize).Select(issue => issue.Id), context.RequestAborted),
            [nameof(ArchivePage.Older)] = issues.Count > PageSize ? Place(issues[PageSize - 1]) : null,
        });
    }

    private static async Task ShowAsync(HttpContext context, string slug, EditionStore editions)
    {
        if (await editions.PublishedAsync(slug, context.RequestAborted) is not { } issue)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        Publish(context.Response);
        context.Response.Headers.ContentSecurityPolicy = SecurityHeaders.Issues;
        context.Response.Headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        await EntityTag.WriteAsync(context, issue.WebHtml, PageWriter.Html);
    }

    private static async Task FeedAsync(HttpContext context, EditionStore editions, Publication publication)
    {
        var issues = new List<(DateTimeOffset, RenderedIssue)>();
        foreach (var edition in await editions.ListPublishedAsync(null, InFeed, context.RequestAborted))
            issues.Add((edition.StartedAt!.Value, (await editions.PublishedAsync(edition.Slug, context.RequestAborted))!));
        Publish(context.Response);
        await EntityTag.WriteAsync(context, new Feed(publication).Write(issues), "application/atom+xml; charset=utf-8");
    }

    // Short: an issue that is sent once more with a correction is not to be stale for long, and asking again costs a 304.
    private static void Publish(HttpResponse response) => response.Headers.CacheControl = "public, max-age=300";

    private static string Place(Edition issue) => string.Create(CultureInfo.InvariantCulture, $"{issue.StartedAt!.Value.ToUnixTimeMilliseconds()}-{issue.Id.Value}");

    private static (DateTimeOffset, EditionId)? ReadPlace(string? text) =>
        text?.Split('-') is [var at, var id]
        && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
        && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (DateTimeOffset.FromUnixTimeMilliseconds(ms), new EditionId(number))
            : null;
}
