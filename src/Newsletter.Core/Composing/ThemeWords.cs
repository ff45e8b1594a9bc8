using System.Collections.Frozen;

namespace Newsletter.Composing;

/// <summary>The few sentences around an issue, in its language. A theme may say others; where neither knows the language they are in English.</summary>
/// <remarks>Small Liquid: they may name the reader and the publication.</remarks>
public sealed record ThemeWords
{
    // The English word stands in all of them: filters look for it, and who gets a letter by mistake may read no other.
    private static readonly FrozenDictionary<string, ThemeWords> Known = new Dictionary<string, ThemeWords>
    {
        ["en"] = Of("View in browser", "This letter went to {{ subscriber.email }} because you subscribed to {{ publication.name }}.", "Unsubscribe", "Change your preferences"),
        ["de"] = Of("Im Browser ansehen", "Dieser Brief ging an {{ subscriber.email }}, weil Sie {{ publication.name }} abonniert haben.", "Abbestellen (unsubscribe)", "Einstellungen ändern"),
        ["fr"] = Of("Voir dans le navigateur", "Cette lettre a été envoyée à {{ subscriber.email }}, adresse abonnée à {{ publication.name }}.", "Se désabonner (unsubscribe)", "Modifier vos préférences"),
        ["es"] = Of("Ver en el navegador", "Esta carta se envió a {{ subscriber.email }} porque te suscribiste a {{ publication.name }}.", "Darse de baja (unsubscribe)", "Cambiar tus preferencias"),
        ["nl"] = Of("Bekijk in je browser", "Deze brief ging naar {{ subscriber.email }} omdat je op {{ publication.name }} bent geabonneerd.", "Afmelden (unsubscribe)", "Voorkeuren wijzigen"),
        ["he"] = Of("לצפייה בדפדפן", "המכתב נשלח אל {{ subscriber.email }} בעקבות הרשמה אל {{ publication.name }}.", "להסרה מהרשימה (unsubscribe)", "לשינוי ההעדפות"),
        ["ar"] = Of("عرض في المتصفح", "أُرسلت هذه الرسالة إلى {{ subscriber.email }} بناءً على الاشتراك في {{ publication.name }}.", "إلغاء الاشتراك (unsubscribe)", "تغيير التفضيلات"),
        ["ja"] = Of("ブラウザーで表示", "このメールは、{{ publication.name }} を購読されている {{ subscriber.email }} 宛てにお送りしています。", "購読を解除 (unsubscribe)", "配信設定を変更"),
        ["zh"] = Of("在浏览器中查看", "本邮件发送至 {{ subscriber.email }}，因为您订阅了 {{ publication.name }}。", "退订 (unsubscribe)", "更改偏好设置"),
        ["zh-hant"] = Of("在瀏覽器中檢視", "本郵件寄至 {{ subscriber.email }}，因為您訂閱了 {{ publication.name }}。", "取消訂閱 (unsubscribe)", "變更偏好設定"),
    }.ToFrozenDictionary();

    /// <summary>The link to the page; empty: nothing is said of it.</summary>
    public string View { get; init; } = "";

    /// <summary>Why the reader gets the letter.</summary>
    public string Why { get; init; } = "";

    /// <summary>The link to leave.</summary>
    public string Leave { get; init; } = "";

    /// <summary>The link to the reader's choices.</summary>
    public string Choices { get; init; } = "";

    /// <summary>The keys of <c>theme.yaml</c>, and where their value goes.</summary>
    internal static IReadOnlyDictionary<string, Func<ThemeWords, string, ThemeWords>> Keys { get; } = new Dictionary<string, Func<ThemeWords, string, ThemeWords>>
    {
        ["view-words"] = (words, value) => words with { View = value },
        ["why-words"] = (words, value) => words with { Why = value },
        ["leave-words"] = (words, value) => words with { Leave = value },
        ["choices-words"] = (words, value) => words with { Choices = value },
    };

    /// <summary>Whether an issue's language has words, the theme's or ours; else they are English.</summary>
    internal bool Speaks(string lang) => this != new ThemeWords() || Find(lang) is not null;

    /// <summary>Each sentence by the name that files know it by.</summary>
    internal IEnumerable<(string Name, string Text)> In(string lang)
    {
        var known = Find(lang) ?? Known["en"];
        return [("words.view", Or(View, known.View)), ("words.why", Or(Why, known.Why)), ("words.leave", Or(Leave, known.Leave)), ("words.choices", Or(Choices, known.Choices))];
    }

    private static ThemeWords? Find(string lang)
    {
        var parts = lang.ToLowerInvariant().Split('-');
        var isTraditional = parts[0] == "zh" && parts.Any(part => part is "hant" or "tw" or "hk" or "mo");
        return Known.GetValueOrDefault(isTraditional ? "zh-hant" : parts[0]);
    }

    private static string Or(string own, string known) => own.Length > 0 ? own : known;

    private static ThemeWords Of(string view, string why, string leave, string choices) => new() { View = view, Why = why, Leave = leave, Choices = choices };
}
