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

    [TestCase("Re: Automatic reply: Field notes 12", Description = "a person answers a machine")]
    [TestCase("Thank you for the field notes")]
    [TestCase("Holiday reading")]
    public void A_person_who_writes_of_such_things_is_a_person(string subject) => Assert.That(Classify(subject), Is.TypeOf<ReturnedMail.Reply>());

    private static ReturnedMail Classify(string subject) =>
        Classifier.Classify(Encoding.UTF8.GetBytes($"From: Ida <ida@harbour.example>\nTo: news@fieldnotes.example\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\nI am back on Monday.\n"));
}
