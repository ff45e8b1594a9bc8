using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Newsletter.Web;

/// <summary>The way in for the admin, and out again.</summary>
internal static partial class SignInEndpoints
{
    /// <summary>The other places that a sign-in may lead to: a way back taken from the request could lead astray.</summary>
    private static readonly string[] Places = ["editions", "inbox", "suspended", "incidents", "signups"];

    public static void MapSignIn(this IEndpointRouteBuilder pages)
    {
        pages.MapMethods("/sign-in", Verbs.Read, (HttpContext context, PageWriter writer) => ShowAsync(context, writer, StatusCodes.Status200OK, ""));
        pages.MapPost("/sign-in", SignInAsync).WithMetadata(new RequestSizeLimitAttribute(AdminPost.MaxBody));
        pages.MapPost("/sign-out", SignOutAsync).WithMetadata(new RequestSizeLimitAttribute(AdminPost.MaxBody));
    }

    /// <summary>The query that leads back to where somebody without a sign-in wanted to go; empty: to the jobs.</summary>
    public static string WayBack(PathString path) => Array.Find(Places, place => path.StartsWithSegments($"/{place}", StringComparison.OrdinalIgnoreCase)) is { } place ? $"?to={place}" : "";

    private static Task ShowAsync(HttpContext context, PageWriter pages, int status, string problem) => pages.WriteFormsAsync<SignInPage>(context, status, new()
    {
        [nameof(SignInPage.Problem)] = problem,
        [nameof(SignInPage.Query)] = Wanted(context) is { } place ? $"?to={place}" : "",
    });

    private static async Task SignInAsync(HttpContext context, IAntiforgery forgery, Admin admin, FailedSignIns failed, SitePaths paths, PageWriter pages, ILogger<Admin> log)
    {
        if (!await forgery.IsRequestValidAsync(context))
        {
            await ShowAsync(context, pages, StatusCodes.Status400BadRequest, "The form was too old, or your browser keeps no cookies. Please try again.");
            return;
        }
        if (!failed.MayTry(context.Connection.RemoteIpAddress))
        {
            LogClosed(log);
            context.Response.Headers.RetryAfter = FailedSignIns.Window.TotalSeconds.ToString("0", System.Globalization.CultureInfo.InvariantCulture);
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }
        if (!admin.Knows((await context.Request.ReadFormAsync(context.RequestAborted))["password"].ToString()))
        {
            LogWrong(log);
            await ShowAsync(context, pages, StatusCodes.Status403Forbidden, "This is not the password.");
            return;
        }
        failed.Forget(context.Connection.RemoteIpAddress);
        await context.SignInAsync(admin.Principal());
        LogIn(log);
        context.Response.Redirect(Wanted(context) is { } place ? $"{paths.Base}/{place}" : paths.Jobs);
    }

    private static string? Wanted(HttpContext context) => Array.Find(Places, place => context.Request.Query["to"] == place);

    private static async Task SignOutAsync(HttpContext context, IAntiforgery forgery, SitePaths paths)
    {
        if (!await forgery.IsRequestValidAsync(context))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }
        await context.SignOutAsync();
        context.Response.Redirect(paths.SignIn);
    }

    [LoggerMessage(5001, LogLevel.Information, "The admin signed in")]
    private static partial void LogIn(ILogger log);

    [LoggerMessage(5002, LogLevel.Warning, "A sign-in with a wrong password was refused")]
    private static partial void LogWrong(ILogger log);

    [LoggerMessage(5003, LogLevel.Warning, "A sign-in was not looked at: too many failed from its network")]
    private static partial void LogClosed(ILogger log);
}
