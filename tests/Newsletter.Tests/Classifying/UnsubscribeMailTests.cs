using System.Text;
using Newsletter.Classifying;

namespace Newsletter.Tests.Classifying;

/// <summary>What a reader writes who wants to leave, and what only speaks of it: the second costs trust when it is taken for the first.</summary>
public sealed class UnsubscribeMailTests
{
    [TestCase("Please remove me from your mailing list.")]
    [TestCase("Could you take me off this list? Thanks")]
    [TestCase("Can you please remove me from the list?")]
    [TestCase("How do I unsubscribe?")]
    [TestCase("I was signed up by mistake. Please unsubscribe me.")]
    [TestCase("I no longer wish to receive these.\n\nAnn")]
    [TestCase("Bitte tragen Sie mich aus dem Verteiler aus.")]
    [TestCase("Könnten Sie mich bitte abmelden?")]
    [TestCase("Ich möchte keine E-Mails mehr.")]
    [TestCase("Merci de me désinscrire.")]
    [TestCase("Pourriez-vous me retirer de la liste ?")]
    [TestCase("Désabonnez-moi, s'il vous plaît")]
    [TestCase("Por favor, denme de baja.")]
    [TestCase("No me envíen más correos")]
    [TestCase("Por favor, removam o meu email da lista.")]
    [TestCase("Vorrei cancellarmi dalla newsletter")]
    [TestCase("Graag wil ik mij uitschrijven.")]
    [TestCase("Haal mij van de lijst a.u.b.")]
    [TestCase("Jag vill inte längre ha ert nyhetsbrev")]
    [TestCase("Ta bort mig från listan tack")]
    [TestCase("Jeg vil ikke længere modtage nyhedsbrevet. Afmeld mig.")]
    [TestCase("Fjern mig fra jeres liste")]
    [TestCase("Meld meg av, takk.")]
    [TestCase("Jeg ønsker ikke lenger nyhetsbrevet")]
    [TestCase("Haluan perua tilaukseni, poistakaa minut listalta.")]
    [TestCase("En halua enää näitä viestejä")]
    [TestCase("Lütfen aboneliğimi iptal edin.")]
    [TestCase("Beni listeden çıkarın lütfen")]
    [TestCase("Prosím, odhlaste mě z odběru.")]
    [TestCase("Už si nepřeji dostávat vaše novinky, zrušte mi odběr.")]
    [TestCase("Prosím, odhláste ma z newslettera")]
    [TestCase("Szeretnék leiratkozni a hírlevélről.")]
    [TestCase("Kérem, töröljenek a listáról")]
    [TestCase("Παρακαλώ διαγράψτε με από τη λίστα.")]
    [TestCase("Δεν επιθυμώ να λαμβάνω άλλα μηνύματα")]
    [TestCase("Будь ласка, відпишіть мене від розсилки.")]
    [TestCase("Не хочу отримувати ваші листи")]
    [TestCase("Отпишите меня, пожалуйста")]
    [TestCase("Пожалуйста, уберите меня из рассылки")]
    [TestCase("Proszę o wypisanie mnie z listy")]
    [TestCase("Nie chcę już otrzymywać newslettera.")]
    [TestCase("Nu mai doresc să primesc aceste mesaje")]
    [TestCase("Molim odjavite me s liste")]
    [TestCase("Моля, отпишете ме")]
    [TestCase("더 이상 받고 싶지 않습니다. 수신 거부해 주세요.")]
    [TestCase("구독을 해지하고 싶습니다")]
    [TestCase("أرجو إلغاء اشتراكي في النشرة")]
    [TestCase("لا أرغب في استلام هذه الرسائل")]
    [TestCase("נא להסיר אותי מהרשימה")]
    [TestCase("配信停止をお願いします。")]
    [TestCase("请不要再发邮件给我，我要退订。")]
    public void A_short_mail_that_asks_to_leave_is_known_by_its_words(string words) => Assert.That(KindOf("Re: Field Notes 12", words), Is.EqualTo("unsubscribe"));

    [TestCase("How do I unsubscribe my old address but keep this one?")]
    [TestCase("Please send it to my new address, and unsubscribe this one.")]
    [TestCase("Don't unsubscribe me, I love it!")]
    [TestCase("Why was I unsubscribed?")]
    [TestCase("I was about to unsubscribe, and then came this issue. Thank you.")]
    [TestCase("How many people unsubscribe after such a letter?")]
    [TestCase("My husband would like you to stop sending him two copies.")]
    [TestCase("When did the island stop sending its children to the mainland school")]
    [TestCase("The unsubscribe link in the footer is broken, by the way.")]
    [TestCase("Ich bekomme keine Newsletter mehr, seit Wochen schon.")]
    [TestCase("Bitte nicht abmelden, ich lese jede Ausgabe.")]
    [TestCase("Wo wird der Verein das nächste Rennen austragen")]
    [TestCase("Je ne reçois plus vos lettres depuis mars.")]
    [TestCase("Ya no recibo el boletín, ¿qué pasa?")]
    [TestCase("Ik krijg geen mails meer van jullie")]
    [TestCase("Jeg får ikke længere brevene")]
    [TestCase("Dostávám dva výtisky, ale nedostávám ten dnešní.")]
    [TestCase("Я не получаю письма уже месяц")]
    [TestCase("Mein Mann hat eine neue Adresse, können Sie ihn umtragen statt abbestellen?")]
    [TestCase("Did anybody opt out of the survey?")]
    public void A_mail_that_speaks_of_leaving_and_does_not_ask_for_it_is_a_reply(string words) => Assert.That(KindOf("Re: Field Notes 12", words), Is.EqualTo("reply"));

    [TestCase("unsubscribe", "unsubscribe")]
    [TestCase("UNSUBSCRIBE ME PLEASE", "unsubscribe")]
    [TestCase("Remove", "unsubscribe")]
    [TestCase("Remove the bit about whales", "reply")]
    [TestCase("Please remove the photograph", "reply")]
    [TestCase("Baja", "unsubscribe")]
    [TestCase("Baja California", "reply")]
    [TestCase("Odhlášení", "unsubscribe")]
    [TestCase("Abmelden", "unsubscribe")]
    [TestCase("Re[2]: unsubscribe", "unsubscribe")]
    [TestCase("AW: Re(3): Fwd: unsubscribe", "unsubscribe")]
    [TestCase("RE : unsubscribe", "unsubscribe")]
    [TestCase("回复：unsubscribe", "unsubscribe")]
    [TestCase("Re[2]: Field Notes", "reply")]
    public void A_subject_is_enough_where_it_says_nothing_else(string subject, string kind) => Assert.That(KindOf(subject, "Ann"), Is.EqualTo(kind));

    /// <summary>What mail programs send for List-Unsubscribe: whatever it looks like, it came to the sealed address.</summary>
    [TestCase("Subject: unsubscribe\n\n", TestName = "with an empty body")]
    [TestCase("Subject: \n\n", TestName = "with an empty subject")]
    [TestCase("\n\n", TestName = "with no subject")]
    [TestCase("Subject: =?utf-8?q?D=C3=A9sabonnement_automatique?=\nX-Mailer: Some Mail 17\n\nThis message was automatically generated by Some Mail.\n", TestName = "with words of the program")]
    [TestCase("Subject: Re: Field Notes 12\nContent-Type: text/html; charset=utf-8\n\n<html><body><div dir=\"auto\"></div></body></html>\n", TestName = "in HTML alone")]
    [TestCase("Subject: Out of the question\nPrecedence: bulk\n\nx\n", TestName = "as bulk mail")]
    [TestCase("Subject: unsubscribe\nAuto-Submitted: auto-generated\n\n", TestName = "as a machine's mail")]
    public void Mail_to_a_sealed_unsubscribe_address_asks_to_leave(string mail)
    {
        var raw = Encoding.UTF8.GetBytes($"From: Somebody Else <other@elsewhere.example>\nTo: <u-good@returns.example.org>\n{mail}");

        var read = Classifier.Classify(raw, word => word == "u-good@returns.example.org" ? SealedWord.Unsubscribe : null);

        Assert.That(read, Is.TypeOf<ReturnedMail.Unsubscribe>().With.Property("BySealedAddress").True, read.Evidence);
    }

    private static string KindOf(string subject, string words) =>
        Classifier.Classify(Encoding.UTF8.GetBytes($"From: Ann <ann@harbour.example>\nTo: news@example.org\nSubject: {subject}\nIn-Reply-To: <1@example.org>\nContent-Type: text/plain; charset=utf-8\n\n{words}\n\nOn 30 November 2026 Field Notes wrote:\n> Unsubscribe: https://news.example.org/u/x\n")).Kind;
}
