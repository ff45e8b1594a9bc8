using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Subscribers;

namespace Newsletter.Web;

/// <summary>The link of the mail to a reader who left by mail: GET shows a page and changes nothing, one POST takes it back.</summary>
internal static class TakeBackEndpoints
{
    private const long MaxBody = 16 * 1024;
    private const string Path = "/back/{token}";

    public static void MapTakeBack(this IEndpointRouteBuilder pages)
    {
        pages.MapMethods(Path, Verbs.Read, ShowAsync);
        pages.MapPost(Path, ActAsync).WithMetadata(new RequestSizeLimitAttribute(MaxBody)).DisableAntiforgery(); // the token is the right to do it, and nothing else is
    }

    private static Task ShowAsync(HttpContext context, string token, OurAddresses ours, PageWriter pages)
    {
        UnsubscribeEndpoints.KeepPrivate(context.Response);
        return ours.ReadTakeBackToken(token) is null ? NothingHere(context) : pages.WriteAsync<TakeBackPage>(context, StatusCodes.Status200OK, []);
    }

    private static async Task ActAsync(HttpContext context, string token, OurAddresses ours, Leaving leaving, ReturnsOptions options, PageWriter pages)
    {
        UnsubscribeEndpoints.KeepPrivate(context.Response);
        if (ours.ReadTakeBackToken(token) is not { } delivery)
        {
            await NothingHere(context);
            return;
        }
        var outcome = await leaving.TakeBackAsync(delivery, options.TakeBackWithin, UnsubscribeEndpoints.Evidence(context), CancellationToken.None);
        var isBack = outcome is ChangeOutcome.Changed or ChangeOutcome.AlreadySo;
        await pages.WriteAsync<TakenBackPage>(context, isBack ? StatusCodes.Status200OK : StatusCodes.Status409Conflict, new() { [nameof(TakenBackPage.IsBack)] = isBack });
    }

    private static Task NothingHere(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
