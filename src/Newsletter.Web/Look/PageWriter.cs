using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Newsletter.Web;

/// <summary>Makes a page of a component and answers with it. Razor escapes every value.</summary>
internal sealed class PageWriter(IServiceProvider services, ILoggerFactory logs)
{
    public const string Html = "text/html; charset=utf-8";

    public async Task WriteAsync<TPage>(HttpContext context, int status, Dictionary<string, object?> parameters) where TPage : IComponent
    {
        await using var renderer = new HtmlRenderer(services, logs);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TPage>(ParameterView.FromDictionary(parameters))).ToHtmlString());
        await WriteAsync(context, status, html);
    }

    /// <summary>Answers with a page for readers.</summary>
    public Task WriteAsync<TPage>(HttpContext context, int status, ReaderTexts texts, Dictionary<string, object?> parameters) where TPage : ReaderPage
    {
        context.Response.Headers.ContentLanguage = texts.Language;
        return WriteWithinAsync<TPage, ReaderTexts>(context, status, texts, parameters);
    }

    /// <summary>Answers with a page that has forms of the admin: each bears the token that comes with it (<see cref="AdminForm"/>).</summary>
    public Task WriteFormsAsync<TPage>(HttpContext context, int status, Dictionary<string, object?> parameters) where TPage : IComponent =>
        WriteWithinAsync<TPage, AntiforgeryTokenSet>(context, status, context.RequestServices.GetRequiredService<IAntiforgery>().GetAndStoreTokens(context), parameters);

    private Task WriteWithinAsync<TPage, TValue>(HttpContext context, int status, TValue value, Dictionary<string, object?> parameters) where TPage : IComponent =>
        WriteAsync<CascadingValue<TValue>>(context, status, new()
        {
            [nameof(CascadingValue<>.Value)] = value,
            [nameof(CascadingValue<>.IsFixed)] = true,
            [nameof(CascadingValue<>.ChildContent)] = (RenderFragment)(page =>
            {
                page.OpenComponent<TPage>(0);
                page.AddMultipleAttributes(1, parameters!);
                page.CloseComponent();
            }),
        });

    /// <summary>Answers with a page that is ready.</summary>
    public static async Task WriteAsync(HttpContext context, int status, string content, string type = Html)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
    }
}
