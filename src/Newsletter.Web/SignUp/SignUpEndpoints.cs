using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Newsletter.Addresses;
using Newsletter.Mailroom;
using Newsletter.Subscribers;

namespace Newsletter.Web;

/// <summary>The forms by which readers subscribe: without cookie or script, from our page or anybody's. The answer is the same whoever has the address.</summary>
internal static class SignUpEndpoints
{
    private const long MaxBody = 16 * 1024;

    /// <summary>A form that was open for longer is shown again: its words may have changed, and its seal may be somebody's who keeps it.</summary>
    private static readonly TimeSpan OpenFor = TimeSpan.FromDays(1);

    public static void MapSignUp(this IEndpointRouteBuilder pages)
    {
        foreach (var path in (string[])["/subscribe", "/subscribe/{form}"])
        {
            pages.MapMethods(path, Verbs.Read, ShowAsync);
            pages.MapPost(path, AskAsync).WithMetadata(new RequestSizeLimitAttribute(MaxBody)).DisableAntiforgery(); // nobody is signed in here, and the form may stand on another site
        }
    }

    private static Task ShowAsync(HttpContext context, SignUpDesk desk, string form = "")
    {
        var texts = desk.TextsOf(context.Request);
        context.Response.Headers.Vary = "Accept-Language";
        return desk.FormOf(form, texts) is { } found ? desk.ShowAsync(context, StatusCodes.Status200OK, texts, new(found)) : ReaderLink.NothingHere(context);
    }

    private static async Task AskAsync(HttpContext context, SignUpDesk desk, SignUps signUps, OurAddresses ours, NetworkOf network, TimeProvider time, PageWriter pages, string form = "")
    {
        if (await ReaderLink.FormAsync(context.Request) is not { } posted)
        {
            await ReaderLink.Malformed(context);
            return;
        }
        var texts = desk.TextsOf(context.Request, posted[SignUpInput.Language].ToString());
        if (desk.FormOf(form, texts) is not { } found)
        {
            await ReaderLink.NothingHere(context);
            return;
        }
        var mailbox = EmailAddress.Read(posted[SignUpInput.Email]) is { } read && !signUps.IsOurs(read) ? read : null;
        var input = SignUpInput.Read(found, posted).Checked(mailbox);
        var wording = await ShownAsync(posted, found, signUps, ours, time, context.RequestAborted);
        if (input.Faults.Count > 0 || wording is null)
        {
            await desk.ShowAsync(context, input.Faults.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK, texts, input, isAgain: true);
            return;
        }
        // From here the wish is known and holds, even if the line breaks before the answer.
        if (await signUps.AskAsync(input.Wish(mailbox!, texts.Language), wording, network.Request(context), CancellationToken.None) is AskOutcome.TooMany)
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        else
            await pages.WriteAsync<AskedPage>(context, StatusCodes.Status200OK, texts, new() { [nameof(AskedPage.Input)] = input });
    }

    /// <summary>The words that the form was shown with; null where it has to be shown again.</summary>
    private static async Task<Wording?> ShownAsync(IFormCollection posted, SignUpForm form, SignUps signUps, OurAddresses ours, TimeProvider time, CancellationToken ct) =>
        ours.ReadFormToken(posted[SignUpInput.Shown].ToString()) is var (at, wording) && (at == 0 || time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(at) <= OpenFor)
            ? await signUps.WordingAsync(form, wording, ct)
            : null;
}
