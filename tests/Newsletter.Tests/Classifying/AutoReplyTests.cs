using System.Text;
using Newsletter.Classifying;

namespace Newsletter.Tests.Classifying;

/// <summary>Machines that answer and say so in the subject alone, as vacation templates in their languages do.</summary>
public sealed class AutoReplyTests
{
    [TestCase("Out of Office: Field notes 12")]
    [TestCase("Automatische Antwort: Field notes 12")]
    [TestCase("Automatische Abwesenheitsmeldung")]
    [TestCase("Réponse automatique : Field notes 12")]
    [TestCase("Absence Re: Field notes 12")]
    [TestCase("Risposta automatica: Field notes 12")]
    [TestCase("Αυτόματη απάντηση: Field notes 12")]
    [TestCase("Не на работе: Field notes 12")]
    [TestCase("Ofis dışında")]
    [TestCase("رد تلقائي: Field notes 12")]
    [TestCase("תשובה אוטומטית: Field notes 12")]
    [TestCase("Tự động trả lời: Field notes 12")]
    [TestCase("自動返信: Field notes 12")]
    [TestCase("Ihre Nachricht ist eingegangen")]
    public void A_subject_of_a_vacation_template_is_a_machines(string subject) => Assert.That(Classify(subject), Is.TypeOf<ReturnedMail.AutoReply>());

    [TestCase("Не на работе: Field notes 12", "koi8-r")]
    [TestCase("Автоответ: Field notes 12", "windows-1251")]
    [TestCase("自動返信: Field notes 12", "ISO-2022-JP")]
    [TestCase("自動返信: Field notes 12", "Shift_JIS")]
    [TestCase("自动回复: Field notes 12", "gb2312")]
    [TestCase("自動回覆: Field notes 12", "big5")]
    [TestCase("Automatyczna odpowiedź: Field notes 12", "iso-8859-2")]
    public void In_the_charset_of_its_language_too(string subject, string charset) =>
        Assert.That(Classify($"=?{charset}?B?{Convert.ToBase64String(CodePagesEncodingProvider.Instance.GetEncoding(charset)!.GetBytes(subject))}?="), Is.TypeOf<ReturnedMail.AutoReply>());

    [TestCase("Re: Automatic reply: Field notes 12", Description = "a person answers a machine")]
    [TestCase("Thank you for the field notes")]
    [TestCase("Holiday reading")]
    public void A_person_who_writes_of_such_things_is_a_person(string subject) => Assert.That(Classify(subject), Is.TypeOf<ReturnedMail.Reply>());

    private static ReturnedMail Classify(string subject) =>
        Classifier.Classify(Encoding.UTF8.GetBytes($"From: Ida <ida@harbour.example>\nTo: news@fieldnotes.example\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\nI am back on Monday.\n"));
}
