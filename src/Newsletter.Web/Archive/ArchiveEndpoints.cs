using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Newsletter.Addresses;
using Newsletter.Sending;
using Newsletter.Storage;

namespace Newsletter.Web;

/// <summary>What was sent, for everybody: the list, and each issue as it was frozen, without a reader in it.</summary>
internal static class ArchiveEndpoints
{
    private const int PageSize = 100;

    public static void MapArchive(this IEndpointRouteBuilder pages)
    {
        // An issue's page leads to the publication's address itself; until there is a page of its own the archive stands there.
        pages.MapMethods("/", Verbs.Read, ListAsync);
        pages.MapMethods("/archive", Verbs.Read, ListAsync);
        pages.MapMethods("/issues/{slug}", Verbs.Read, ShowAsync);
        pages.MapMethods("/archive/{slug}", Verbs.Read, (string slug, SitePaths paths) => TypedResults.Redirect(paths.Issue(slug), permanent: true));
    }

    private static async Task ListAsync(HttpContext context, EditionStore editions, PageWriter pages, string? before)
    {
        if (before is not null && ReadPlace(before) is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        var issues = await editions.ListPublishedAsync(ReadPlace(before), PageSize + 1, context.RequestAborted);
        Publish(context.Response);
        await pages.WriteAsync<ArchivePage>(context, StatusCodes.Status200OK, new()
        {
            [nameof(ArchivePage.Issues)] = issues.Take(PageSize).ToList(),
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
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(issue.WebHtml)))[..32]}\"";
        context.Response.Headers.ETag = tag;
        context.Response.Headers.ContentSecurityPolicy = SecurityHeaders.Issues;
        context.Response.Headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        if (IsKnown(context.Request, tag))
            context.Response.StatusCode = StatusCodes.Status304NotModified;
        else
            await PageWriter.WriteAsync(context, StatusCodes.Status200OK, issue.WebHtml);
    }

    // Short: an issue that is sent once more with a correction is not to be stale for long, and asking again costs a 304.
    private static void Publish(HttpResponse response) => response.Headers.CacheControl = "public, max-age=300";

    /// <summary>RFC 9110 §13.1.2: weak comparison, and * for anything.</summary>
    private static bool IsKnown(HttpRequest request, string tag) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var tags)
        && tags.Any(known => known == EntityTagHeaderValue.Any || known.Compare(new(tag), useStrongComparison: false));

    private static string Place(Edition issue) => string.Create(CultureInfo.InvariantCulture, $"{issue.StartedAt!.Value.ToUnixTimeMilliseconds()}-{issue.Id.Value}");

    private static (DateTimeOffset, EditionId)? ReadPlace(string? text) =>
        text?.Split('-') is [var at, var id]
        && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
        && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? (DateTimeOffset.FromUnixTimeMilliseconds(ms), new EditionId(number))
            : null;
}
