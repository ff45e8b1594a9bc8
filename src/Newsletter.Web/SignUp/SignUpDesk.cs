using Microsoft.AspNetCore.Http;
using Newsletter.Addresses;
using Newsletter.Mailroom;

namespace Newsletter.Web;

/// <summary>What the pages of the forms have in common.</summary>
internal sealed class SignUpDesk(SignUpOptions options, SignUpForms forms, ReaderLanguage language, OurAddresses ours, TimeProvider time, PageWriter pages)
{
    /// <summary>The language of a form: that in which it was shown, where it says so.</summary>
    public ReaderTexts TextsOf(HttpRequest request, string shown = "") => language.Of(request, shown);

    /// <summary>Null where there is no such form.</summary>
    public SignUpForm? FormOf(string name, ReaderTexts texts) => options.Enabled ? forms.Find(name, texts) : null;

    /// <summary>Answers with a form.</summary>
    /// <param name="context">Whose request.</param>
    /// <param name="status">Of HTTP.</param>
    /// <param name="texts">Its language.</param>
    /// <param name="input">The form, and what stands in it.</param>
    /// <param name="token">What it carries with it; null: that it is shown now, in the words of today.</param>
    public Task ShowAsync(HttpContext context, int status, ReaderTexts texts, SignUpInput input, string? token = null) => pages.WriteAsync<SubscribePage>(context, status, texts, new()
    {
        [nameof(SubscribePage.Input)] = input,
        [nameof(SubscribePage.Token)] = token ?? ours.FormToken(time.GetUtcNow().ToUnixTimeMilliseconds(), input.Form.Wording.Id),
    });
}
