"""The columns of a register, and the words that may stand in them; an owner is none of them."""

from __future__ import annotations

from api.importers.mapping import Field, names

OBJECTION = {
    **dict.fromkeys(("none", "geen", "nee", "neen", "n", "non", "no", "false", "0", "geenbezwaar"), "none"),
    **dict.fromkeys(("pending", "ja", "j", "oui", "yes", "y", "true", "1", "lopend", "inbehandeling"), "pending"),
    **dict.fromkeys(("upheld", "ingewilligd", "gegrond", "ontvankelijkengegrond", "fonde", "accepte"), "upheld"),
    **dict.fromkeys(("rejected", "afgewezen", "ongegrond", "onontvankelijk", "nietontvankelijk", "rejete"), "rejected"),
}  # fmt: skip
# A ground that nobody needs here may say something of a person (care, detention): it becomes other.
EXEMPTION = {
    **dict.fromkeys(("newowner", "nieuweeigenaar", "nieuwezakelijkgerechtigde", "nouveauproprietaire"), "new_owner"),
    **dict.fromkeys(("works", "werken", "renovatie", "verbouwing", "vergunning", "travaux", "renovation"), "works"),
    **dict.fromkeys(("toletorsell", "tehuur", "tekoop", "tehuurtekoop", "tehuurgesteld", "alouer", "avendre"), "to_let_or_sell"),
    **dict.fromkeys(("disaster", "ramp", "brand", "sinistre"), "disaster"),
    **dict.fromkeys(("other", "andere", "ander", "autre"), "other"),
}  # fmt: skip
REMOVED = ("geschrap", "schrap", "verwijderd", "afgevoerd", "removed", "struckoff", "radie")

_CAPAKEY = "capa_key kadastrale_sleutel perceelsleutel kadastraal_perceel perceel parcel_key cle_cadastrale"
_DOSSIER = "dossiernummer dossiernr dossier_no dossier numero_dossier dossier_nr"
_FOUND = (
    "datum_vaststelling vaststellingsdatum datum_akte datum_administratieve_akte date_constat vastgesteld_op"
)
_ENTERED = "datum_opname opnamedatum datumopname inventarisatiedatum date_inscription opgenomen_op"
_REMOVED = "datum_schrapping schrappingsdatum datumschrapping date_radiation geschrapt_op"
_KIND = (
    "vip_type_onroerend_goed vip_typeonroerendgoed type_onroerend_goed soort_onroerend_goed aard type_bien"
)
_INVENTORY = "vip_inventaristype inventaristype inventaris type_inventaris type_inventaire"

FIELDS = (
    Field("capakey", names=names(_CAPAKEY)),
    Field("dossier_prefix", names=names("dossierprefix prefix")),
    Field("dossier_type", names=names("dossiertype type_dossier")),
    Field("dossier_number", names=names(_DOSSIER), is_required=True),
    Field("internal_number", names=names("internnummer intern_nummer intern_nr numero_interne")),
    Field("inventory_type", names=names(_INVENTORY)),
    Field("status", names=names("vip_status toestand statut")),
    Field("status_code", names=names("vip_statuscode statuscode code_statut")),
    Field("property_kind", names=names(_KIND)),
    Field("nis_code", names=names("nis niscode")),
    Field("address", names=names("adres adresse volledig_adres")),
    Field("street", names=names("straat straatnaam rue street_name nom_rue")),
    Field("house_number", names=names("huisnummer huisnr nr nummer numero")),
    Field("box", names=names("busnummer bus busnr boite bte")),
    Field("postcode", names=names("postnummer code_postal zip")),
    Field("place", names=names("gemeente commune gemeentenaam deelgemeente plaats")),
    Field("found_on", "date", names(_FOUND)),
    Field("entered_on", "date", names(_ENTERED)),
    Field("objection", "choice", names("bezwaar recours beroep"), choices=OBJECTION),
    Field("ruling", "choice", names("uitspraak uitspraak_bezwaar decision_recours"), choices=OBJECTION),
    Field("objection_on", "date", names("datum_bezwaar bezwaardatum date_recours")),
    Field("exemption", names=names("vrijstelling type_vrijstelling reden_vrijstelling exoneration")),
    Field("exemption_until", "date", names("einddatum_vrijstelling vrijstelling_tot einde_vrijstelling fin_exoneration")),
    Field("levy_year", "integer", names("heffingsjaar aanslagjaar jaar_heffing annee_taxe"), lowest=1995, highest=2200),
    Field("levy_eur", "number", names("heffing bedrag_heffing heffingsbedrag bedrag montant_taxe"), lowest=0),
    Field("removed_on", "date", names(_REMOVED)),
)  # fmt: skip
