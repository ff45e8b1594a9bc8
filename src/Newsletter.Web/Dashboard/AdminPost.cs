using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Newsletter.Mailroom;
using Newsletter.Subscribers;

namespace Newsletter.Web;

/// <summary>What a form of the admin's pages brings.</summary>
internal static class AdminPost
{
    /// <summary>Who acts by a page, for the record.</summary>
    public const string By = "by page (admin)";

    /// <summary>The most octets that a form brings, unless its address says otherwise.</summary>
    public const long MaxBody = 16 * 1024;

    private const int LongestWhy = 200;

    /// <summary>Behind the authorization: what a page for the admin alone does is the admin's act.</summary>
    public static void UseAdminActs(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAuthorizeData>() is { Policy: Admin.Policy })
            context.RequestServices.GetRequiredService<Acts>().Are(Performer.Page);
        return next(context);
    });

    /// <summary>Null where the token is not right; the answer is given then.</summary>
    public static async Task<IFormCollection?> ReadAsync(HttpContext context)
    {
        if (await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context))
            return await context.Request.ReadFormAsync(context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return null;
    }

    /// <summary>The reason that a person gave; empty for none.</summary>
    public static string Why(IFormCollection form) => PersonalText.OneLine(form["why"].ToString(), LongestWhy);
}
