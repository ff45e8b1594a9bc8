using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
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

    private static async Task AskAsync(HttpContext context, SignUpDesk desk, SignUps signUps, MailDomains domains, OurAddresses ours, TimeProvider time, string form = "")
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
        var typed = EmailAddress.Read(posted[SignUpInput.Email]) is { } read && !signUps.IsOurs(read) ? read : null;
        var isAsked = typed is not null && typed.Equals(EmailAddress.Read(posted[SignUpInput.Asked]));
        // What was meant is found again here, and not taken from the page.
        var mailbox = isAsked && posted[SignUpInput.Answer].ToString() == SignUpInput.Take ? AddressSlip.Of(typed!) ?? typed : typed;
        var domain = mailbox is null ? DomainMail.Unknown : await domains.LookAsync(mailbox.Domain, context.RequestAborted);
        var input = SignUpInput.Read(found, posted).Checked(mailbox, domain);
        var (open, wording) = await ShownAsync(posted, found, signUps, ours, time, context.RequestAborted);
        var again = input.Faults.Count > 0 ? input : Again(input, mailbox!, isAsked, domain, wording);
        if (again is not null)
            // Shown again it is as long open as before; and whose time is not known must not look like a machine for pressing at once.
            await desk.ShowAsync(context, again.Faults.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK, texts, again,
                wording is null ? ours.FormToken(0, found.Wording.Id) : posted[SignUpInput.Shown].ToString());
        else
            await TakeAsync(context, input with { Address = mailbox!.Value }, mailbox, wording!, new(mailbox)
            {
                IsTrapped = posted[SignUpInput.Trap].ToString().Length > 0, Filled = open, HasLink = input.HasLink, HasNoAgent = context.Request.Headers.UserAgent.Count == 0, HasNoMail = domain is DomainMail.None,
            });
    }

    /// <summary>The form once more where one press is missing: there is something to ask, or it is not known what was shown. Null where nothing is missing.</summary>
    private static SignUpInput? Again(SignUpInput input, EmailAddress mailbox, bool isAsked, DomainMail domain, Wording? wording) =>
        !isAsked && AddressSlip.Of(mailbox) is { } meant ? input with { Meant = meant }
        : !isAsked && domain is DomainMail.None ? input with { IsDoubted = true }
        : wording is null ? input with { IsAgain = true }
        : null;

    /// <summary>From here the wish is known and holds, even if the line breaks before the answer.</summary>
    private static async Task TakeAsync(HttpContext context, SignUpInput input, EmailAddress mailbox, Wording wording, SignUpSigns signs)
    {
        var services = context.RequestServices;
        var origin = services.GetRequiredService<NetworkOf>().Request(context);
        if (await services.GetRequiredService<SignUps>().AskAsync(input.Wish(mailbox), wording, origin, signs, CancellationToken.None) is AskOutcome.TooMany)
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
        else
            await services.GetRequiredService<PageWriter>().WriteAsync<AskedPage>(context, StatusCodes.Status200OK, services.GetRequiredService<SignUpDesk>().TextsOf(context.Request, input.Form.Language),
                new() { [nameof(AskedPage.Input)] = input });
    }

    /// <summary>How long the form was open (null: it stands on another site) and in which words; without words it has to be shown again.</summary>
    private static async Task<(TimeSpan? Open, Wording? Wording)> ShownAsync(IFormCollection posted, SignUpForm form, SignUps signUps, OurAddresses ours, TimeProvider time, CancellationToken ct)
    {
        if (ours.ReadFormToken(posted[SignUpInput.Shown].ToString()) is not var (at, wording))
            return (null, null);
        TimeSpan? open = at == 0 ? null : time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(at);
        return (open, open > OpenFor ? null : await signUps.WordingAsync(form, wording, ct));
    }
}
