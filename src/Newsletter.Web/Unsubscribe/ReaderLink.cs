using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Newsletter.Web;

/// <summary>What the links in readers' mail have in common: who has the address may act, so it is kept private; GET shows a page, a POST acts.</summary>
internal static class ReaderLink
{
    private const long MaxBody = 16 * 1024;

    public static void MapReaderLink(this IEndpointRouteBuilder pages, string path, Delegate show, Delegate act)
    {
        pages.MapMethods(path, Verbs.Read, show);
        pages.MapPost(path, act).WithMetadata(new RequestSizeLimitAttribute(MaxBody)).DisableAntiforgery(); // the token is the right to do it, and nothing else is
    }

    /// <summary>The answer to an address that is none of ours.</summary>
    public static Task NothingHere(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    /// <summary>Who acted, for the record.</summary>
    public static string Evidence(HttpContext context) => $"{context.Connection.RemoteIpAddress} {context.Request.Headers.UserAgent}";

    public static void KeepPrivate(HttpResponse response)
    {
        response.Headers["X-Robots-Tag"] = "noindex, nofollow";
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer"; // the address is a key to the subscription
    }
}
