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

    /// <summary>The answer to a body that asks for nothing that the address can do.</summary>
    public static Task Malformed(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    }

    /// <summary>What the body asks for. A POST without the field of our page is a mail program's, whatever it made of the body: nobody who wants to leave is turned away for a slip of their provider.</summary>
    public static async Task<Wish> ReadAsync(HttpRequest request)
    {
        if (!request.HasFormContentType)
            return Wish.OneClick;
        if (await FormAsync(request) is not { } form)
            return Wish.Unreadable;
        return form.ContainsKey("List-Unsubscribe") ? Wish.OneClick : form["act"].ToString() switch
        {
            "leave" => Wish.Leave,
            "resume" => Wish.Resume,
            "why" => Wish.SayWhy,
            _ => Wish.OneClick,
        };
    }

    /// <summary>Null where the body is no form that can be read.</summary>
    public static async Task<IFormCollection?> FormAsync(HttpRequest request)
    {
        try
        {
            return request.HasFormContentType ? await request.ReadFormAsync(request.HttpContext.RequestAborted) : null;
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return null;
        }
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

/// <summary>What a POST to a reader's link asks for.</summary>
internal enum Wish { OneClick, Leave, Resume, SayWhy, Unreadable }
