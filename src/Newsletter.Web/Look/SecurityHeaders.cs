using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Newsletter.Web;

/// <summary>What a browser may do with our pages: next to nothing. An endpoint that needs more says so itself.</summary>
internal static class SecurityHeaders
{
    /// <summary>Our own pages: one style sheet, forms back to us, no script.</summary>
    private const string OwnPages = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>An issue: styles of its own and pictures from wherever the author took them; no script, no form, no frame.</summary>
    public const string Issues = "default-src 'none'; style-src 'unsafe-inline'; img-src https: http: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>An image: at most a drawing with styles of its own, in a place of no origin.</summary>
    public const string Images = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

    /// <summary>A conversation: our own page, with the images that its mails themselves hold. What a mail names elsewhere is not asked for, whatever our own writing of it let through.</summary>
    public const string Conversation = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>What a stranger sent: to be kept, or shown as text or image, in a place of no origin where nothing runs.</summary>
    public const string Strangers = "default-src 'none'; sandbox; frame-ancestors 'none'";

    /// <summary>The dashboard: its own scripts, and styles in its attributes (progress bars).</summary>
    private const string Dashboard = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void UseSecurityHeaders(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        // At the very start of the answer, so that an error page has them too.
        context.Response.OnStarting(() =>
        {
            var headers = context.Response.Headers;
            headers.XContentTypeOptions = "nosniff";
            headers.XFrameOptions = "DENY";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
            Default(headers, "Referrer-Policy", "no-referrer");
            Default(headers, "Content-Security-Policy", context.Request.Path.StartsWithSegments("/jobs", StringComparison.OrdinalIgnoreCase) ? Dashboard : OwnPages);
            Default(headers, "Cache-Control", "no-store");
            return Task.CompletedTask;
        });
        return next();
    });

    private static void Default(IHeaderDictionary headers, string name, string value)
    {
        if (!headers.ContainsKey(name))
            headers[name] = value;
    }
}
