using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Newsletter.Storage;

namespace Newsletter.Web;

/// <summary>What a reader sees where there is nothing to see: a sentence, never what went on inside.</summary>
internal static partial class ErrorPages
{
    public static void UseErrorPages(this IApplicationBuilder app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = FailedAsync,
            // What a stranger can cause at will must not fill the log with traces; the database's trouble is said in a line.
            SuppressDiagnosticsCallback = failed => failed.Exception is BadHttpRequestException || DatabaseTrouble.Explain(failed.Exception, "") is not null,
        });
        app.UseStatusCodePages(status => WriteAsync(status.HttpContext, status.HttpContext.Response.StatusCode));
    }

    private static Task FailedAsync(HttpContext context) => context.Features.Get<IExceptionHandlerFeature>()?.Error switch
    {
        BadHttpRequestException bad => WriteAsync(context, bad.StatusCode),
        { } error when DatabaseTrouble.Explain(error, "database") is { } words => LaterAsync(context, words),
        _ => WriteAsync(context, StatusCodes.Status500InternalServerError),
    };

    /// <summary>A mail program that unsubscribes a reader tries again later when it is told so.</summary>
    private static Task LaterAsync(HttpContext context, string words)
    {
        LogDatabase(context.RequestServices.GetRequiredService<ILogger<Database>>(), words);
        context.Response.Headers.RetryAfter = "60";
        return WriteAsync(context, StatusCodes.Status503ServiceUnavailable);
    }

    private static Task WriteAsync(HttpContext context, int status)
    {
        var services = context.RequestServices;
        var texts = services.GetRequiredService<ReaderLanguage>().Of(context.Request);
        return services.GetRequiredService<PageWriter>().WriteAsync<MessagePage>(context, status, texts, new() { [nameof(MessagePage.About)] = About(status) });
    }

    private static string About(int status) => status switch
    {
        StatusCodes.Status404NotFound => "Error.404",
        StatusCodes.Status405MethodNotAllowed => "Error.405",
        StatusCodes.Status413PayloadTooLarge => "Error.413",
        StatusCodes.Status429TooManyRequests => "Error.429",
        StatusCodes.Status503ServiceUnavailable => "Error.503",
        >= 500 => "Error.500",
        _ => "Error.400",
    };

    [LoggerMessage(5004, LogLevel.Error, "A page could not be served: {Words}")]
    private static partial void LogDatabase(ILogger log, string words);
}
